"""How much faster a text is than the original: samples from the bench, the verdict from `timing`.

First on the calls that the tests make. Where those show no gain, on the same calls enlarged: tests are small, and what
is slow shows on large inputs. A gain on large inputs that costs a little on small ones is still a gain, and the report
says both; one that costs a lot on small ones is none.
"""

from __future__ import annotations

from functools import cache

from secant.functions.process import WorkerDied
from secant.functions.timing import Sampler, TimingPlan, TimingSample, compare
from secant.functions.workers import Workers
from secant.types import SpeedUp

QUICK = TimingPlan(first=2, processes=3, seconds=0.08, max_rounds=1, calibration=2, error=0.02, margin=0.02)
FULL = TimingPlan()
ENLARGED = 16
_DEAREST_LOSS = 0.6
"""A text slower than this on the recorded calls is not saved by larger ones."""
_WORTH_A_LOSS = 1.25
"""What must be gained on enlarged calls by a text that is slower on the recorded ones."""
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
        return self._measured(text, plan, plan) if speed_up.verdict == "indistinguishable" else speed_up

    def _measured(self, text: str, plan: TimingPlan, enlarged_plan: TimingPlan | None = None) -> SpeedUp:
        try:
            recorded = compare(self._sampler(text, 1), self._calibrators[1], plan)
        except _NoSample as error:
            return UNMEASURED.model_copy(update={"workload": str(error)})
        if recorded.verdict == "faster" or recorded.ratio < _DEAREST_LOSS:
            return recorded
        plan = enlarged_plan or plan
        try:
            enlarged = compare(self._sampler(text, ENLARGED), self._calibrators[ENLARGED], plan)
        except _NoSample:
            return recorded
        if enlarged.verdict == "faster" and (recorded.verdict != "slower" or enlarged.low > _WORTH_A_LOSS):
            workload = f"recorded calls enlarged {ENLARGED} times ({recorded.ratio:.2f}x on the calls as recorded)"
            return enlarged.model_copy(update={"workload": workload})
        return recorded

    def _sampler(self, text: str | None, scale: int) -> Sampler:
        def sample(seconds: float, seed: int) -> TimingSample:
            try:
                answer = self._workers.measure(text, seconds=seconds, seed=seed, scale=scale)
            except WorkerDied as died:  # a text that cannot be timed is no reason to lose those that could
                raise _NoSample(died.message) from died
            if "pairs" not in answer:
                raise _NoSample(answer.get("message") or answer.get("death") or "no sample")
            return TimingSample.model_validate({k: v for k, v in answer.items() if k in TimingSample.model_fields})

        return sample


class _NoSample(Exception):  # noqa: N818 - an outcome
    """The bench could not time this text on these calls."""
