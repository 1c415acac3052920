"""What workers said about a text, as case results: scores, kinds of error, and feedback in lines of the text itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from secant.functions.feedback import Failure, Feedback
from secant.functions.judge import Record
from secant.functions.suite import OK_OUTCOMES, Details, JudgingTest
from secant.functions.unit import Unit
from secant.types import Artifact, CaseResult, ErrorKind, Evaluation

_ERRORS: Mapping[str, ErrorKind] = {"timeout": "timeout", "crash": "crash"}
_PLACE = re.compile(r"line (\d+): (.*)")


class Results:
    """Results of texts of one function."""

    def __init__(self, unit: Unit, feedback: Feedback) -> None:
        self._unit = unit
        self._feedback = feedback

    def of_original(self, text: str, test: JudgingTest) -> CaseResult:
        """The baseline's result on one test; `text` is the original's."""
        own = self._own_line(text, test.error_line)
        failure = Failure(test.id, test.outcome, test.message, test.error, own, test.details)
        return CaseResult(
            case_id=test.id,
            score=1.0 if test.passes else 0.0,
            feedback="" if test.passes else self._feedback.of(failure, text),
            error=_ERRORS.get(test.outcome, "none"),
            milliseconds=1000 * test.seconds,
            trace={"lines": list(test.lines), "error_line": test.error_line},
        )

    def evaluation(self, artifact: Artifact, stage: str, case_ids: Sequence[str], record: Record) -> Evaluation:
        """What a run of the tests comes to. Tests without a result share the reason for which there is none."""
        known = {r["id"]: r for r in record["results"]}
        why = self._feedback.plain(record.get("message", "") or record.get("death", ""))
        missing: ErrorKind = "crash" if why else "none"
        if record.get("error") == "parse":
            why, missing = self._unparsable(artifact.text, why), "parse"
        elif record.get("error") == "refused":
            missing = "parse"
        why = why or "not run after a failure"
        results = tuple(self.one(artifact.text, t, known.get(t), why, missing) for t in case_ids)
        note, refused = why if record.get("error") else "", record.get("error") == "refused"
        return Evaluation(artifact_id=artifact.id, stage=stage, results=results, note=note, rejected=refused)

    def one(
        self, text: str, test: str, record: Mapping[str, Any] | None, why: str, missing: ErrorKind = "crash"
    ) -> CaseResult:
        """A candidate's result on one test; `why` it has none, where `record` is None."""
        if record is None:
            return CaseResult(case_id=test, score=0.0, feedback=why, error=missing)
        outcome = record["outcome"]
        passed = outcome in OK_OUTCOMES
        return CaseResult(
            case_id=test,
            score=1.0 if passed else 0.0,
            feedback="" if passed else self._feedback.of(self._failure(text, test, record), text),
            error=_ERRORS.get(outcome, "none"),
            milliseconds=1000 * record.get("seconds", 0.0),
        )

    def _failure(self, text: str, test: str, record: Mapping[str, Any]) -> Failure:
        return Failure(
            test,
            record["outcome"],
            record.get("message", ""),
            record.get("error", ""),
            self._own_line(text, record.get("error_line")),
            Details.model_validate(record.get("details") or {}),
        )

    def _own_line(self, text: str, line: int | None) -> int | None:
        return None if line is None else self._unit.own_line(text, line)

    def _unparsable(self, text: str, why: str) -> str:
        """The compiler's message with the line of the candidate that it is about."""
        found = _PLACE.match(why)
        number = int(found[1]) - self._unit.offset if found else 0
        lines = text.split("\n")
        if found is None or not 0 < number <= len(lines):
            return why
        return f"syntax error in line {number}: {found[2]}\n    {lines[number - 1].strip()}"
