from paint import paint


def test_covered_whole():
    assert paint([(2, 4, "red"), (0, 9, "blue")]) == [(0, 9, "blue")]


def test_earlier_order():
    assert paint([(3, 8, "blue"), (0, 5, "red")]) == [(0, 5, "red"), (5, 8, "blue")]


def test_touching_same():
    assert paint([(5, 9, "red"), (0, 5, "red")]) == [(0, 9, "red")]


def test_repainted():
    assert paint([(0, 9, "red"), (3, 5, "blue"), (3, 5, "red")]) == [(0, 9, "red")]


def test_many():
    assert paint([(0, 4, "a"), (2, 6, "b"), (4, 8, "a"), (5, 6, "c")]) == [
        (0, 2, "a"),
        (2, 4, "b"),
        (4, 5, "a"),
        (5, 6, "c"),
        (6, 8, "a"),
    ]


def test_gap_after_no_colour():
    assert paint([(0, 9, "red"), (3, 5, None)], gap=2) == [(0, 9, "red")]


def test_gap_too_small():
    assert paint([(0, 9, "red"), (3, 6, None)], gap=2) == [(0, 3, "red"), (6, 9, "red")]


def test_nothing_but_no_colour():
    assert paint([(0, 9, None)]) == []


def test_backwards_no_colour():
    assert paint([(0, 9, "red"), (5, 3, None)]) == [(0, 3, "red"), (5, 9, "red")]


def test_question_mark_on_free_ground():
    assert paint([(0, 3, "red?"), (1, 2, "blue?")]) == [(0, 3, "red")]


def test_question_mark_is_covered():
    assert paint([(0, 3, "red?"), (1, 2, "blue")]) == [(0, 1, "red"), (1, 2, "blue"), (2, 3, "red")]


def test_question_mark_after_no_colour():
    assert paint([(0, 9, "red"), (3, 5, None), (0, 9, "blue?")]) == [(0, 3, "red"), (3, 5, "blue"), (5, 9, "red")]


def test_two_exclamation_marks():
    assert paint([(0, 5, "!red"), (3, 8, "!blue")]) == [(0, 5, "red"), (5, 8, "blue")]


def test_exclamation_mark_covers_earlier():
    assert paint([(0, 9, "blue"), (3, 5, "!red"), (4, 6, "green")]) == [
        (0, 3, "blue"),
        (3, 5, "red"),
        (5, 6, "green"),
        (6, 9, "blue"),
    ]


def test_marked_and_plain_merge():
    assert paint([(0, 3, "!red"), (3, 5, "red"), (5, 6, "red?")]) == [(0, 6, "red")]


def test_two_points():
    assert paint([(6, 6, "x"), (0, 9, "red"), (3, 3, None)]) == [(0, 3, "red"), (3, 6, "red"), (6, 9, "red")]


def test_point_at_an_end():
    assert paint([(0, 5, "red"), (5, 5, "x")]) == [(0, 5, "red")]


def test_point_outside():
    assert paint([(0, 5, "red"), (7, 7, "x")]) == [(0, 5, "red")]
