import os

from receipts import save


def test_path():
    assert save(7, []) == os.path.join("receipts", "7.txt")


def test_lines():
    with open(save(8, ["tea 3", "jam 5"])) as file:
        assert file.read() == "tea 3\njam 5\n"
