"""Which combination of choices to try next, by a tree-structured Parzen estimator: optuna's, which comes as an extra.

Trials go in and suggestions come out, all plain data: the study is made anew each time from the trials that are known,
so nothing of it has to be kept, and the same trials and seed give the same suggestions.
"""

from __future__ import annotations

import importlib
import itertools
import math
import random
import warnings
from collections.abc import Collection, Sequence
from typing import Any

from secant.errors import BadRequest
from secant.types import Frozen

Choices = tuple[int, ...]
_ASKED = 8
"""Times that a suggestion may be one that is known already, for each that is wanted; then chance decides."""
_STARTUP = 4
"""Trials before the estimator is asked; optuna's own default of 10 is as much as a whole run may have."""


class Trial(Frozen):
    """A combination and its score; one that was measured twice is two trials."""

    choices: Choices
    value: float
    cases: int
    """On so many it was measured."""


def required(name: str) -> Any:
    """optuna, quiet. Raises BadRequest saying how it is installed where it is not."""
    try:
        optuna = importlib.import_module("optuna")
    except ImportError as error:
        raise BadRequest(
            f"the optimizer {name} needs the package optuna, which is not installed here",
            hint="pip install 'secant[mipro]'",
        ) from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def suggested(
    sizes: Sequence[int], trials: Sequence[Trial], tried: Collection[Choices], count: int, rng: random.Random
) -> Sequence[Choices]:
    """`count` combinations that were not tried, one number below each of `sizes`; fewer where no more are left.

    While several are out, each counts as a bad one (constant liar), so that they are not all the same.
    """
    known = set(tried)
    if math.prod(sizes) - len(known) <= count:
        rest = [c for c in itertools.product(*map(range, sizes)) if c not in known]
        rng.shuffle(rest)
        return rest[:count]
    found: list[Choices] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # multivariate and constant_liar are called experimental
        ask = _Study(sizes, trials, rng.getrandbits(31))
        for _ in range(_ASKED * count):
            choices = ask()
            if choices not in known:
                known.add(choices)
                found.append(choices)
            if len(found) == count:
                break
    while len(found) < count:
        choices = tuple(rng.randrange(size) for size in sizes)
        if choices not in known:
            known.add(choices)
            found.append(choices)
    return found


class _Study:
    """optuna's study over the choices."""

    def __init__(self, sizes: Sequence[int], trials: Sequence[Trial], seed: int) -> None:
        optuna = required("mipro")
        self._spaces = {
            str(n): optuna.distributions.CategoricalDistribution(list(range(size))) for n, size in enumerate(sizes)
        }
        sampler = optuna.samplers.TPESampler(
            seed=seed, multivariate=True, constant_liar=True, n_startup_trials=_STARTUP
        )
        self._study: Any = optuna.create_study(direction="maximize", sampler=sampler)
        for trial in trials:
            named = {str(n): choice for n, choice in enumerate(trial.choices)}
            self._study.add_trial(
                optuna.trial.create_trial(params=named, distributions=self._spaces, value=trial.value)
            )

    def __call__(self) -> Choices:
        params = self._study.ask(self._spaces).params
        return tuple(int(params[name]) for name in self._spaces)
