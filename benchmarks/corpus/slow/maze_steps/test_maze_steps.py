from maze_steps import fewest_steps


def test_around_a_wall():
    maze = [".#.", ".#.", "..."]
    assert fewest_steps(maze, (0, 0), (0, 2)) == 6


def test_no_way():
    assert fewest_steps([".#."], (0, 0), (0, 2)) == -1


def test_already_there():
    assert fewest_steps(["."], (0, 0), (0, 0)) == 0


def test_open_field():
    assert fewest_steps(["." * 26] * 26, (0, 0), (25, 25)) == 50
