import maze


def test_sides():
    assert maze.exits(["##", ".#", "##"]) == [(1, 0)]
