"""How far a judge can be trusted: its verdicts on recorded answers, held against those of a person."""

from __future__ import annotations

from collections.abc import Sequence

from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.metrics.contract import Answer, Metric
from secant.search.acceptance import wilson_lower
from secant.types import Frozen


class Rate(Frozen):
    """So many of so many, with Wilson's 95 % interval."""

    count: int
    total: int

    @property
    def share(self) -> float:
        return self.count / self.total if self.total else 0.0

    @property
    def low(self) -> float:
        return wilson_lower(self.count, self.total)

    @property
    def high(self) -> float:
        return 1.0 - wilson_lower(self.total - self.count, self.total)

    def __str__(self) -> str:
        if not self.total:
            return "0 of 0"
        return f"{self.count} of {self.total} ({self.share:.0%}, {self.low:.0%} to {self.high:.0%})"


class Calibration(Frozen):
    """A judge beside a person."""

    agreed: Rate
    false_accepts: Rate
    """Of the answers that the person found wrong."""
    false_rejects: Rate
    """Of those that the person found right."""
    unread: int = 0
    """Verdicts that could not be read: they count nowhere above."""

    @property
    def sentence(self) -> str:
        told = (
            f"the judge agrees with {self.agreed} labels; it accepts {self.false_accepts} wrong answers and "
            f"rejects {self.false_rejects} right ones"
        )
        return f"{told}; {self.unread} verdicts could not be read" if self.unread else told


def labelled(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows whose recorded answer a person has judged."""
    return tuple(row for row in rows if row.verdict is not None and row.recorded is not None)


def calibrate(metric: Metric, rows: Sequence[Row], *, passing: float = 0.5) -> Calibration | None:
    """Judge the recorded answers; a score of `passing` accepts. None without labelled rows."""
    judged = labelled(rows)
    if not judged:
        return None
    grades = metric.grade([Answer(row, row.recorded or "") for row in judged])
    read = [(bool(row.verdict), g.score >= passing) for row, g in zip(judged, grades, strict=True) if g.error == "none"]
    right = [accepted for good, accepted in read if good]
    wrong = [accepted for good, accepted in read if not good]
    return Calibration(
        agreed=Rate(count=sum(good == accepted for good, accepted in read), total=len(read)),
        false_accepts=Rate(count=sum(wrong), total=len(wrong)),
        false_rejects=Rate(count=len(right) - sum(right), total=len(right)),
        unread=len(judged) - len(read),
    )
