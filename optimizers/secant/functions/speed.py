"""How much faster a text is than the original: samples from the bench, the verdict from `timing`.

First on the calls that the tests make. Where nothing can be told on those, on the same calls enlarged: tests are small,
and what is slow shows on large inputs. A text that is slower on the recorded calls is not saved by larger ones.
"""

from __future__ import annotations

from functools import cache

from secant.functions.timing import Sampler, TimingPlan, TimingSample, compare
from secant.functions.workers import Workers
from secant.types import SpeedUp

QUICK = TimingPlan(first=2, processes=3, seconds=0.08, max_rounds=1, calibration=2, error=0.02, margin=0.02)
FULL = TimingPlan()
ENLARGED = 16
UNMEASURED = SpeedUp(ratio=1.0, low=0.0, high=float("inf"), verdict="indistinguishable")


class Speed:
    """Times texts of one unit against its original. The bench must have recorded."""

    def __init__(self, workers: Workers, *, quick: TimingPlan = QUICK, full: TimingPlan = FULL) -> None:
        self._workers = workers
        self._plans = {"quick": quick, "full": full}
        self._calibrators = {scale: cache(self._sampler(None, scale)) for scale in (1, ENLARGED)}

    def quick(self, text: str) -> SpeedUp:
        """A short look, for ranking."""
        return self._measured(text, self._plans["quick"])

    def full(self, text: str) -> SpeedUp:
        """What may be claimed. Many processes are spent on the recorded calls only where nothing else tells."""
        plan = self._plans["full"]
        speed_up = self._measured(text, plan.model_copy(update={"max_rounds": 1}), plan)
        return speed_up if speed_up.verdict != "indistinguishable" else self._measured(text, plan, plan)

    def _measured(self, text: str, plan: TimingPlan, enlarged_plan: TimingPlan | None = None) -> SpeedUp:
        try:
            recorded = compare(self._sampler(text, 1), self._calibrators[1], plan)
        except _NoSample as error:
            return UNMEASURED.model_copy(update={"workload": str(error)})
        if recorded.verdict != "indistinguishable":
            return recorded
        plan = enlarged_plan or plan
        try:
            enlarged = compare(self._sampler(text, ENLARGED), self._calibrators[ENLARGED], plan)
        except _NoSample:
            return recorded
        if enlarged.verdict == "faster":
            return enlarged.model_copy(update={"workload": f"recorded calls, enlarged {ENLARGED} times"})
        return recorded

    def _sampler(self, text: str | None, scale: int) -> Sampler:
        def sample(seconds: float, seed: int) -> TimingSample:
            answer = self._workers.measure(text, seconds=seconds, seed=seed, scale=scale)
            if "pairs" not in answer:
                raise _NoSample(answer.get("message") or answer.get("death") or "no sample")
            return TimingSample.model_validate({k: v for k, v in answer.items() if k in TimingSample.model_fields})

        return sample


class _NoSample(Exception):
    """The bench could not time this text on these calls."""
