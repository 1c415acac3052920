"""The page of a run, in Markdown, made from its events alone: what `secant show RUN` prints.

Says nothing that no event says. Reads the events once; what was turned down is only counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from secant.events import (
    Alternative,
    Baseline,
    Confirmed,
    Evaluated,
    Event,
    Failed,
    Finished,
    Improved,
    Notice,
    Proposed,
    RunStarted,
    Survived,
    TargetFound,
    TestsFound,
)
from secant.history import BASELINE
from secant.judging import Judges, judges_of
from secant.scorecard import failing, scorecard
from secant.spending import bounded, cost, without_bill
from secant.types import Evaluation, Proposal, SpeedUp, Usage

_BARS = "▁▂▃▄▅▆▇█"
_ROWS = 20
_WIDTH = 60


class _Facts:
    """What the page needs of the events."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.started: RunStarted | None = None
        self.target: TargetFound | None = None
        self.tests: TestsFound | None = None
        self.baseline: Baseline | None = None
        self.before: Evaluation | None = None
        """The results behind it."""
        self.end: Finished | Failed | None = None
        self.proposed = 0
        self.screened: dict[str, int] = {}
        self.evaluations = 0
        self.improved: list[tuple[int, Improved]] = []
        """Each with the number of evaluations before it."""
        self.survivors: dict[str, tuple[int, Proposal]] = {}
        self.evaluated: dict[str, Evaluation] = {}
        self.confirmed: dict[str, Confirmed] = {}
        self.notices: list[Notice] = []
        for event in events:
            self._take(event)

    @property
    def judges(self) -> Judges:
        return judges_of(self.started.kind, self.started.request) if self.started else "tests"

    def passing(self, passed: int, total: int) -> str:
        """`2 of 3 tests pass`."""
        if self.judges == "critique":
            return f"the critique finds {'no mistake' if passed == total else 'mistakes'}"
        return f"{passed} of {total} {self.judges} pass"

    def _take(self, event: Event) -> None:
        match event:
            case RunStarted():
                self.started = self.started or event
                self.end = None
            case TargetFound():
                self.target = event
            case TestsFound():
                self.tests = event
            case Baseline():
                self.baseline = event
            case Proposed():
                self._count(event)
            case Evaluated():
                self.evaluations += event.stage != BASELINE
                self.before = event.evaluation if event.stage == BASELINE else self.before
                if event.evaluation is not None:
                    self.evaluated[event.artifact] = _wider(self.evaluated.get(event.artifact), event.evaluation)
            case Improved():
                self.improved.append((self.evaluations, event))
            case Survived():
                proposal = Proposal.model_validate(event.proposal)
                self.survivors.setdefault(proposal.artifact.id, (event.step, proposal))
            case Confirmed():
                self.confirmed[event.artifact] = event
            case Finished() | Failed():
                self.end = event
            case _:
                self.notices.extend([event] if isinstance(event, Notice) else [])

    def _count(self, event: Proposed) -> None:
        self.proposed += len(event.items)
        for item in event.items:
            if item.status != "ok":
                self.screened[item.status] = self.screened.get(item.status, 0) + 1


def report(events: Iterable[Event], *, apply_with: str | None = None) -> str:
    """The page. `apply_with` is the command that applies the winner; by default the run is resumed with `--apply`."""
    facts = _Facts(events)
    sections = [
        _head(facts),
        _result(facts, apply_with),
        _score(facts),
        _request(facts),
        _tests(facts),
        _search(facts),
        _survivors(facts),
        _alternatives(facts),
        _usage(facts),
        _notices(facts),
    ]
    return "\n\n".join(s for s in sections if s) + "\n"


def _head(facts: _Facts) -> str:
    started = facts.started
    if started is None:
        return "# A run without a beginning\n\nIts journal has no `run_started` line."
    when = datetime.fromtimestamp(started.time, UTC)
    who = f"optimizer `{started.optimizer}`, " if started.optimizer else ""
    how = f"{who}seed {started.seed}"
    return f"# {started.target or started.kind}\n\nRun `{started.run}`, {when:%Y-%m-%d %H:%M} UTC, {how}."


def _result(facts: _Facts, apply_with: str | None) -> str:
    end = facts.end
    if end is None:
        run = facts.started.run if facts.started else ""
        best = f" Best so far: {_passed(facts.improved[-1][1])}." if facts.improved else ""
        return f"## Not finished\n\nThe run was interrupted.{best} Go on with `secant resume {run}`."
    if isinstance(end, Failed):
        lines = [f"**{end.message}**", *(t for t in (end.where, end.hint) if t)]
        return "## Failed\n\n" + "\n\n".join(lines)
    lines = [f"## Result: {_outcome(end)}", f"Goal {end.goal}: {facts.passing(end.tests.passed, end.tests.total)}."]
    if end.speedup is not None:
        lines.append(f"Speed: {_speed(end.speedup)}.")
    if end.rationale:
        lines.append(f"The change: {end.rationale.rstrip('.')}.")
    if end.reason:
        lines.append(f"The run ended because: {end.reason}.")
    if end.evidence:
        lines.append("\n".join(f"- {sentence}" for sentence in end.evidence))
    if end.diff:
        lines.append(_fenced(end.diff, "diff"))
    if end.outcome == "improved":
        lines.append(_applying(end, apply_with or f"secant resume {end.run} --apply"))
    return "\n\n".join(lines)


def _applying(end: Finished, command: str) -> str:
    if end.applied:
        return "It was applied."
    if end.refused:
        return f"It was not applied: {end.refused}. Where the file is as it was again: `{command}`."
    return f"Apply it with `{command}`."


def _score(facts: _Facts) -> str:
    end = facts.end
    if not isinstance(end, Finished) or end.score is None:
        return ""
    return scorecard(end.score, searched=end.outcome != "scored")


def _outcome(end: Finished) -> str:
    """A version whose gain no test tells apart from noise is offered, and not called better."""
    told = end.score
    unclaimed = told is not None and told.after is not None and not told.claimed
    return "a candidate, no gain is claimed" if end.outcome == "improved" and unclaimed else end.outcome


def _request(facts: _Facts) -> str:
    if facts.started is None or not facts.started.request:
        return ""
    asked = {name: value for name, value in facts.started.request.items() if value not in (None, "", [], (), {})}
    rows = [[name, _setting(name, value)] for name, value in asked.items()]
    return "## Request\n\n" + _table(["setting", "value"], rows)


def _setting(name: str, value: Any) -> str:
    """Whole texts have no place in a table: unsaved ones are named by their files, turned down ones counted."""
    match name:
        case "buffers":
            return ", ".join(value)
        case "rejected":
            return str(len(value))
        case "models":
            return _models(value)
        case "data" | "report_data" | "baselines" | "tests" if isinstance(value, list):
            return ", ".join(map(str, cast("Sequence[object]", value)))
        case _:
            return str(value)


def _models(asked: Mapping[str, Any]) -> str:
    """`openai/gpt-4o-mini at http://127.0.0.1:8000/v1`, for each level that has another one."""
    names: dict[str, list[str]] = {}
    for level, settings in asked.get("levels", {}).items():
        place = f" at {settings['base_url']}" if settings.get("base_url") else ""
        sent = "".join(f", {name} {value}" for name, value in settings.get("parameters", {}).items())
        names.setdefault(f"{settings['model']}{place}{sent}", []).append(level)
    if len(names) == 1:
        return next(iter(names))
    return "; ".join(f"{' and '.join(levels)}: {name}" for name, levels in names.items())


def _tests(facts: _Facts) -> str:
    lines: list[str] = []
    if facts.tests is not None:
        found = facts.tests
        lines.append(_judging(found))
        if found.left_out:
            lines.append("Left out:\n\n" + "\n".join(f"- `{t.id}`: {t.why}" for t in found.left_out))
    if facts.baseline is not None:
        told = facts.baseline
        cases = facts.judges == "cases"
        failed = f" Failing: {', '.join(f'`{i}`' for i in told.failed)}." if told.failed and not cases else ""
        lines.append(f"Before: {told.passed} of {told.total} passed in {told.seconds:.2f} s.{failed}")
        if cases and facts.before is not None and facts.tests is not None:
            lines.append(failing(facts.before, {t.id: t.place for t in facts.tests.tests}))
        if told.path or told.isolation:
            lines.append(f"Candidates ran: {'; '.join(t for t in (told.path, told.isolation) if t)}.")
    return f"## {facts.judges.capitalize()}\n\n" + "\n\n".join(lines) if lines else ""


def _judging(found: TestsFound) -> str:
    """A test each; cases that are rows of a file are counted."""
    if any(test.place for test in found.tests):
        return f"{len(found.tests)} cases of {', '.join(f'`{path}`' for path in found.searched)}."
    return "\n".join(f"- `{t.id}`: {t.why}" for t in found.tests) or "None was found."


def _search(facts: _Facts) -> str:
    if not facts.proposed:
        return ""
    turned_down = ", ".join(f"{count} {status}" for status, count in sorted(facts.screened.items()))
    lines = [
        f"{facts.proposed} candidates, {facts.evaluations} evaluations, {len(facts.survivors)} passed every stage."
        + (f" Not evaluated: {turned_down}." if turned_down else "")
    ]
    if facts.improved:
        lines.append(f"Best so far over the evaluations (every step up is a new best): `{_sparkline(facts)}`")
        rows = [[str(at), str(e.step), _passed(e), e.rationale] for at, e in facts.improved[-_ROWS:]]
        lines.append(_table(["evaluations", "step", "best", "change"], rows))
    return "## Search\n\n" + "\n\n".join(lines)


def _survivors(facts: _Facts) -> str:
    if not facts.survivors:
        return ""
    chosen = sorted(
        facts.survivors, key=lambda i: (i not in facts.confirmed, -_mean(facts.evaluated.get(i)), facts.survivors[i][0])
    )
    rows: list[list[str]] = []
    for identity in chosen[:_ROWS]:
        step, proposal = facts.survivors[identity]
        evaluation, confirmed = facts.evaluated.get(identity), facts.confirmed.get(identity)
        passed = f"{evaluation.passed} of {evaluation.n}" if evaluation else ""
        speed = _speed(evaluation.speed) if evaluation and evaluation.speed else ""
        check = "" if confirmed is None else "confirmed" if confirmed.ok else f"contradicted: {confirmed.reason}"
        rows.append([f"`{identity}`", str(step), passed, speed, check.rstrip(": "), proposal.rationale])
    more = f"\n\n{len(chosen) - _ROWS} more." if len(chosen) > _ROWS else ""
    return (
        "## Candidates that passed every stage\n\n"
        + _table(*_told(["candidate", "step", "passed", "speed", "confirmation", "change"], rows))
        + more
    )


def _alternatives(facts: _Facts) -> str:
    if not isinstance(facts.end, Finished) or not facts.end.alternatives:
        return ""
    return "## Alternatives\n\n" + "\n\n".join(_alternative(facts, a) for a in facts.end.alternatives)


def _alternative(facts: _Facts, alternative: Alternative) -> str:
    tests = alternative.tests
    speed = f", {_speed(alternative.speedup)}" if alternative.speedup else ""
    title = f"### {alternative.rationale or alternative.artifact}\n\n{facts.passing(tests.passed, tests.total)}{speed}."
    parts = [title, _fenced(alternative.diff, "diff")]
    if alternative.differs:
        rows = [
            [_code(d.get("call", "")), _code(d.get("winner", "")), _code(d.get("alternative", ""))]
            for d in alternative.differs
        ]
        parts.append("Where it behaves otherwise:\n\n" + _table(["call", "winner", "this"], rows))
    return "\n\n".join(parts)


def _usage(facts: _Facts) -> str:
    if not isinstance(facts.end, Finished):
        return ""
    end = facts.end
    lines = [f"{end.evaluations} evaluations in {end.seconds:.1f} s."]
    if end.usage:
        rows = [_ledger_row(level, spent) for level, spent in end.usage.items()]
        lines.append(_table(["level", "calls", "tokens in", "tokens out", "USD"], rows))
        unbilled = sum(spent.unbilled for spent in end.usage.values())
        if unbilled:
            lines.append(without_bill(unbilled))
    else:
        lines.append("No model was called.")
    return "## Cost\n\n" + "\n\n".join(lines)


def _ledger_row(level: str, spent: Usage) -> list[str]:
    tokens = (bounded(str(count), spent) for count in (spent.prompt_tokens, spent.completion_tokens))
    return [level, str(spent.calls), *tokens, cost(spent)]


def _notices(facts: _Facts) -> str:
    lines = [f"- {n.message}{' ' + n.hint if n.hint else ''}" for n in facts.notices]
    return "## Notices\n\n" + "\n".join(lines) if lines else ""


def _wider(known: Evaluation | None, evaluation: Evaluation) -> Evaluation:
    """The evaluation on more cases, with the later speed."""
    if known is None:
        return evaluation
    widest = evaluation if evaluation.n >= known.n else known
    return widest.model_copy(update={"speed": evaluation.speed or known.speed})


def _mean(evaluation: Evaluation | None) -> float:
    return evaluation.mean if evaluation is not None else 0.0


def _passed(improved: Improved) -> str:
    speed = f", {_speed(improved.speedup)}" if improved.speedup is not None else ""
    return f"{improved.passed} of {improved.total} passed{speed}"


def _speed(speed: SpeedUp) -> str:
    if speed.verdict == "indistinguishable":
        return f"indistinguishable from noise ({speed.ratio:.2f}x, 95 %: {speed.low:.2f} to {speed.high:.2f})"
    return f"{speed.ratio:.2f}x as fast (95 %: {speed.low:.2f} to {speed.high:.2f})"


def _sparkline(facts: _Facts) -> str:
    """The rank of the best so far, from baseline to last best, over the evaluations; at most 60 columns."""
    total = max(1, facts.evaluations)
    width = min(_WIDTH, total)
    levels = len(facts.improved)
    columns: list[str] = []
    for column in range(width):
        reached = sum(at <= (column + 1) * total / width for at, _ in facts.improved)
        columns.append(_BARS[round(reached / levels * (len(_BARS) - 1))])
    return "".join(columns)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(c) for c in line)} |" for line in lines)


def _told(head: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
    """Without the columns in which no row says anything: a prompt has no speed."""
    kept = [n for n in range(len(head)) if any(row[n] for row in rows)]
    return [head[n] for n in kept], [[row[n] for n in kept] for row in rows]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text}`" if "`" not in text else f"`` {text} ``"


def _fenced(text: str, language: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
