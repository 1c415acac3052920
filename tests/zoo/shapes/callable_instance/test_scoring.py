import pytest
from scoring import SCORERS, Scorer


@pytest.mark.parametrize(("level", "answer", "score"), [("easy", "a", 1), ("easy", "b", 0), ("hard", "a", 5), ("hard", "b", -2)])
def test_table(level, answer, score):
    assert SCORERS[level](answer, "a") == score


def test_no_answer():
    assert SCORERS["hard"](None, "a") == 0


def test_map():
    assert list(map(Scorer(3), "ab", "aa")) == [3, -1]
