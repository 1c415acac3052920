from grid_paths import count_paths


def test_open_square():
    assert count_paths(["..", ".."]) == 2
    assert count_paths(["...", "...", "..."]) == 6


def test_walls():
    assert count_paths(["..", "#."]) == 1
    assert count_paths([".#", "#."]) == 0
    assert count_paths(["#"]) == 0
    assert count_paths(["."]) == 1


def test_lists_work_like_strings():
    grid = [list("...."), list(".#.."), list("....")]
    assert count_paths(grid) == 4
    assert grid[1] == [".", "#", ".", "."]


def test_a_larger_grid():
    assert count_paths(["." * 10] * 10) == 48620
