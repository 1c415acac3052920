from maze import exits


def test_one_exit():
    assert exits(["#.#", "#.#", "###"]) == [(0, 1)]


def test_inside_is_no_exit():
    assert exits(["###", "#.#", "###"]) == []
