"""Mini-batches: every case once an epoch, the cursor is all there is to remember."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from secant.search.sampler import Sampler

IDS = [f"c{n}" for n in range(10)]


def test_an_epoch_has_every_case_once_and_epochs_differ() -> None:
    sampler = Sampler(IDS, seed=1)
    drawn, epochs = 0, []
    for _ in range(3):
        epoch: list[str] = []
        for _ in range(2):
            batch = sampler.batch(drawn, 5)
            epoch += batch.ids
            drawn = batch.drawn
        epochs.append(epoch)
    assert all(sorted(e) == IDS for e in epochs)
    assert epochs[0] != epochs[1]


def test_the_rest_of_an_epoch_is_passed_over() -> None:
    sampler = Sampler(IDS, seed=1)
    batch = sampler.batch(9, 3)
    assert batch == sampler.batch(10, 3)
    assert batch.drawn == 13


@given(st.integers(0, 100), st.integers(0, 15), st.integers(0, 5))
def test_a_batch_depends_on_seed_and_cursor_alone(drawn: int, size: int, seed: int) -> None:
    first, second = (Sampler(IDS, seed).batch(drawn, size) for _ in range(2))
    assert first == second
    assert len(set(first.ids)) == len(first.ids) == min(size, 10)
    assert first.drawn >= drawn


def test_the_fixed_look_is_the_same_every_time_in_the_order_of_the_cases() -> None:
    look = Sampler(IDS, seed=3).fixed(4)
    assert look == Sampler(IDS, seed=3).fixed(4)
    assert len(look) == 4
    assert list(look) == sorted(look)
    assert Sampler(IDS, seed=3).fixed(None) == Sampler(IDS, seed=3).fixed(99) == tuple(IDS)
    assert {Sampler(IDS, seed=s).fixed(4) for s in range(9)} != {look}


def test_no_cases_make_no_batch() -> None:
    assert Sampler([], seed=0).batch(0, 3) == ((), 0)
