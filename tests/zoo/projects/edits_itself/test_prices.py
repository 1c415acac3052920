from pathlib import Path

import prices


def test_total():
    assert prices.total([1, 2]) == 3


def test_file_can_be_written():
    path = Path(prices.__file__)
    before = path.read_bytes()
    path.write_bytes(before + b"# touched\n")
    assert path.read_bytes().endswith(b"# touched\n")
    path.write_bytes(before)
