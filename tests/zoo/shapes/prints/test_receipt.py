import contextlib
import io

from receipt import print_receipt


def test_lines(capsys):
    print_receipt([("tea", 350)])
    assert capsys.readouterr().out.splitlines() == ["tea           3.50", "total         3.50"]


def test_redirected():
    with contextlib.redirect_stdout(io.StringIO()) as out:
        print_receipt([])
    assert out.getvalue() == "total         0.00\n"


def test_nobody_looks():
    assert print_receipt([("jam", 1), ("tea", 2)]) is None
