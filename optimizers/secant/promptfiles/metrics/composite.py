"""The metric of a run: each answer is held against the checks of its row, and the weighted mean of them is its score.

A run with one metric for all rows has one check for each. Answers are handed to a kind of check many at a time,
whatever rows they belong to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from secant.promptfiles.evaldata.rows import CheckSet, CheckSpec, Row
from secant.promptfiles.metrics.contract import Answer, Grade
from secant.promptfiles.metrics.functions import Functions
from secant.promptfiles.metrics.judge import Judge
from secant.promptfiles.metrics.kinds import Item, Kind, Plain, quoted, text_of
from secant.promptfiles.metrics.templated import filled, plain
from secant.types import ErrorKind

_MOST_FEEDBACK = 4000
_ROUNDING = 1e-9
"""What a sum of floats may lack."""


class Checked:
    """A metric of checks. A row's own come first; `usual` are for rows without any, `always` for every row besides."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        *,
        name: str,
        usual: Sequence[CheckSpec],
        always: Sequence[CheckSpec] = (),
        own: bool = False,
    ) -> None:
        """`kinds` has every kind of the checks; `own` says that some row has checks of its own."""
        self._kinds = kinds
        self._name = name
        self._usual = tuple(usual)
        self._always = tuple(always)
        self._own = own

    @property
    def name(self) -> str:
        return self._name

    @property
    def asks_model(self) -> bool:
        return "judge" in self._kinds

    @property
    def immediate(self) -> bool:
        return all(isinstance(kind, Plain) for kind in self._kinds.values())

    @property
    def says(self) -> str:
        checks = [plain(check) for check in (*self._always, *self._usual)]
        told = " and ".join(_told(check, self._kinds[check.kind].says(check)) for check in checks)
        if not self._own:
            return f"The answer is correct if {told}."
        if self._always:
            return f"The answer is correct if {told}, and if it passes the checks of its case where it has some."
        return f"The answer is correct if it passes the checks of its case; where a case has none, if {told}."

    def checks(self, row: Row) -> tuple[CheckSpec, ...]:
        """What the row's answer is held against. A row with checks of its own needs no expected answer besides."""
        if not row.checks:
            return tuple(filled(check, row) for check in (*self._usual, *self._always))
        besides = (filled(check, row) for check in self._always)
        able = (check for check in besides if not self._kinds[check.kind].objection(check, row))
        return (*(filled(check, row) for check in row.checks), *able)

    def objection(self, row: Row) -> str:
        checks = self.checks(row)
        if not checks:
            return "it has neither an expected answer nor a check"
        return next((said for each in checks if (said := self._kinds[each.kind].objection(each, row))), "")

    def requests(self, answers: Sequence[Answer]) -> Sequence[Sequence[Mapping[str, str]]]:
        judge = self._kinds.get("judge")
        items = [Item(a, check) for a in answers for check in self.checks(a.row) if check.kind == "judge"]
        return judge.requests(items) if isinstance(judge, Judge) else ()

    def require_runnable(self, rows: Sequence[Row]) -> None:
        functions = self._kinds.get("python")
        if isinstance(functions, Functions):
            functions.require_runnable([(c, row) for row in rows for c in self.checks(row) if c.kind == "python"])

    def grade(self, answers: Sequence[Answer]) -> Sequence[Grade]:
        checks = [self.checks(answer.row) for answer in answers]
        asked: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, each in enumerate(checks):
            for place, check in enumerate(each):
                asked[check.kind].append((number, place))
        found: dict[tuple[int, int], Grade] = {}
        for kind, places in asked.items():
            items = [Item(answers[number], checks[number][place]) for number, place in places]
            found.update(zip(places, self._kinds[kind].grade(items), strict=True))
        return [
            combined(each, [found[number, place] for place in range(len(each))], answers[number].row.threshold)
            for number, each in enumerate(checks)
        ]

    def close(self) -> None:
        for kind in self._kinds.values():
            kind.close()


def combined(checks: Sequence[CheckSpec], grades: Sequence[Grade], threshold: float | None = None) -> Grade:
    """One grade of several: the mean by weight, and all of it where it comes to the row's threshold. What one of them
    could not judge counts 0, and its error is told.
    """
    held = [_held(check, grade) for check, grade in zip(checks, grades, strict=True)]
    weights, held = _sets(checks, held)
    return _reaching(held[0] if len(held) == 1 else _mean(weights, held), threshold)


def _sets(checks: Sequence[CheckSpec], held: Sequence[Grade]) -> tuple[Sequence[float], Sequence[Grade]]:
    """The weights and grades with those of each set as one."""
    groups: dict[object, list[int]] = defaultdict(list)
    for number, check in enumerate(checks):
        groups[number if check.together is None else check.together].append(number)
    weights: list[float] = []
    grades: list[Grade] = []
    for key, numbers in groups.items():
        own = [checks[number].weight for number in numbers]
        if isinstance(key, CheckSet):
            weights.append(key.weight)
            grades.append(_reaching(_mean(own, [held[number] for number in numbers]), key.threshold))
        else:
            weights += own
            grades += [held[number] for number in numbers]
    return weights, grades


def _reaching(grade: Grade, threshold: float | None) -> Grade:
    """The grade of a row or a set that does not ask for all: what is right is right, whatever it misses."""
    if threshold is None or grade.error not in ("none", "parse") or grade.unusable:
        return grade
    if grade.score >= threshold - _ROUNDING:
        return grade.model_copy(update={"score": 1.0, "feedback": "", "error": "none"})
    missed = f"scored {grade.score:.2g} of {threshold:g}, which would be enough"
    return grade.model_copy(update={"feedback": f"{grade.feedback}; {missed}" if grade.feedback else missed})


def _mean(weights: Sequence[float], held: Sequence[Grade]) -> Grade:
    total = sum(weights)
    score = sum(weight * grade.score for weight, grade in zip(weights, held, strict=True)) / total if total else 0.0
    errors: list[ErrorKind] = [grade.error for grade in held if grade.error != "none"]
    if all(grade.score >= 1 for grade in held):
        score = 1.0  # whatever a sum of floats makes of it
    return Grade(
        score=min(1.0, score),
        feedback="; ".join(grade.feedback for grade in held if grade.feedback)[:_MOST_FEEDBACK],
        extracted=next((grade.extracted for grade in held if grade.extracted is not None), None),
        error=errors[0] if errors else "none",
        unusable=next((grade.unusable for grade in held if grade.unusable), ""),
    )


def _held(check: CheckSpec, grade: Grade) -> Grade:
    """The grade with the check's threshold and negation. A failure to judge is no success of the contrary, but that an
    answer is no JSON is no such failure.
    """
    judged = grade.error == "none" or (grade.error == "parse" and check.kind == "json-schema" and check.negate)
    if not judged or grade.unusable or (check.threshold is None and not check.negate):
        return grade
    score, feedback = grade.score, grade.feedback
    if check.threshold is not None:
        score = 1.0 if score >= check.threshold else 0.0
        if not score:
            feedback = f"{feedback} (scored {grade.score:g}, needed {check.threshold:g})".strip()
    if check.negate:
        score = 1.0 - score
        shown = f" {quoted(text_of(check.value))}" if check.value is not None else " the expected answer"
        feedback = "" if score >= 1 else f"it must not pass the check {check.kind}{shown}, and it does"
    return grade.model_copy(update={"score": score, "feedback": feedback, "error": "none"})


def _told(check: CheckSpec, says: str) -> str:
    told = f"it is not so that {says}" if check.negate else says
    return f"{told} (to {check.threshold:g} at least)" if check.threshold is not None else told
