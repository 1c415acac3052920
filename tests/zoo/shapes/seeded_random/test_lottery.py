import random

import lottery
import pytest


def test_own_generator():
    expected = random.Random(7).randrange(4)
    assert lottery.draw("abcd", rng=random.Random(7)) == ["abcd"[expected]]


def test_shared_generator():
    random.seed(5)
    first = lottery.draw(range(100), 3)
    random.seed(5)
    assert lottery.draw(range(100), 3) == first


def test_draws_once_per_name():
    random.seed(1)
    lottery.draw("abc", 2)
    after = random.random()
    random.seed(1)
    random.randrange(3)
    random.randrange(2)
    assert random.random() == after


def test_too_many():
    with pytest.raises(ValueError):
        lottery.draw("a", 2)


def test_seeded_at_import():
    assert lottery.FIRST == random.Random(2024).random()
