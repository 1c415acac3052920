from aligner import Aligner


def test_empty():
    assert Aligner("", "abc").common() == 0
    assert Aligner([], []).similarity() == 1.0


def test_common():
    assert Aligner("abcde", "ace").common() == 3
    assert Aligner("abc", "xyz").common() == 0


def test_from_a_position():
    aligner = Aligner("xabc", "yabc")
    assert aligner.common(1, 1) == 3
    assert aligner.common(4, 0) == 0


def test_two_objects_do_not_mix():
    assert [Aligner("ab", "ab").common(), Aligner("ab", "cd").common()] == [2, 0]


def test_sentences():
    left = "the cat sat on the mat for all of today".split()
    right = "a dog sat by some mat all of the day".split()
    assert Aligner(left, right).common() == 4
    assert Aligner(left, right).similarity() == 0.4
