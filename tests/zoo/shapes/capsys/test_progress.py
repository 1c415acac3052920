import sys

from progress import show


def test_half(capsys):
    show(1, 2)
    assert capsys.readouterr().out == "[#####.....]\r"


def test_done(capsys):
    show(4, 4, width=4)
    assert capsys.readouterr() == ("[####]\n", "")


def test_nothing(capsys):
    show(0, 0)
    out, err = capsys.readouterr()
    assert (out, err) == ("", "nothing to do\n")


def test_file_descriptors(capfd):
    show(1, 1, width=1)
    sys.stdout.flush()
    assert capfd.readouterr().out == "[#]\n"
