import pytest
from robot import move


@pytest.mark.parametrize(
    ("command", "expected"), [("go up", (2, 4)), ("go south", (2, 2)), ("jump 1 -1", (3, 2)), ("", (2, 3))]
)
def test_moves(command, expected):
    assert move((2, 3), command) == expected


def test_unknown():
    with pytest.raises(ValueError, match="sing"):
        move((0, 0), "sing")
