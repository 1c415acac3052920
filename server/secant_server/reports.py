"""The page of a run, in Markdown: what came of it, what speaks for it, how the search went, what it cost.

Made from the run's events alone, whether it is over, under way, interrupted or failed. Everything that events carry is
somebody else's text and is escaped. Long lists are cut, and say what they leave out; the journal has it all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePath

from secant.events import Alternative, Event, Failed, Finished, FoundTest
from secant.judging import Judges, kind_of
from secant.spending import cost, foretold, total
from secant.types import Usage
from secant_server import curves, names, scoresheet, sentences
from secant_server.chronicle import Candidate, Chronicle
from secant_server.documents import function_diff
from secant_server.markdown import code, details, escaped, fenced, prose, table
from secant_server.plots import describe, plot
from secant_server.scores import place_of
from secant_server.svg import data_uri

_LIMITS = {
    "max_seconds": "at most {} seconds",
    "max_evaluations": "at most {} evaluations",
    "max_calls": "at most {} calls",
    "max_usd": "at most {} USD",
}
_OUTCOMES = {"stopped": "Stopped", "unchanged": "Nothing better found", "failed": "Failed"}
_MOST_CANDIDATES = 20
_MOST_GROUPS = 8
_MOST_TESTS = 100
_MOST_DIFFERENCES = 10
_MOST_STEPS = 100


def report(events: Iterable[Event], *, running: bool = False, base: PurePath | None = None) -> str:
    """The page. `running` says that somebody is still writing the events, so that their end is not an interruption.

    `base` is the folder that a link beginning with a slash leads into, where the reader knows such links.
    """
    told = tuple(events)
    run = Chronicle(told)
    page = _paragraphs(
        _title(run),
        _verdict(run, running),
        _evidence(run),
        scoresheet.of_run(run, told, base),
        _plot(run),
        _evolution(run),
        _difference(run),
        _alternatives(run),
        _candidates(run),
        _tests(run),
        _notices(run),
        _spend(run),
    )
    return f"{page}\n"


# --- what came of it


def _title(run: Chronicle) -> str:
    started, target = run.started, run.target
    if started is None:
        return "# A run without a beginning\n\nIts journal has no first line: it is damaged, or of a later version."
    unfound = started.target or started.kind
    name = names.label(kind_of(run.judges), target.name, PurePath(target.path)) if target else unfound
    facts = [_place(run)] if target else []
    when = datetime.fromtimestamp(started.time, UTC)
    facts.append(f"{when:%Y-%m-%d %H:%M} UTC")
    facts.append(f"run {code(started.run)}")
    return f"# {escaped(name)}\n\n{sentences.joined(*facts)}"


def _place(run: Chronicle) -> str:
    """The file relative to the folder of the request, where it lies beneath it."""
    assert run.target is not None and run.started is not None
    path, folder = PurePath(run.target.path), PurePath(str(run.started.request.get("folder", "")))
    shown = path.relative_to(folder) if path.is_relative_to(folder) else path
    return f"{code(str(shown))} lines {run.target.first_line} to {run.target.last_line}"


def _verdict(run: Chronicle, running: bool) -> str:
    match run.end:
        case Finished():
            return _finished(run, run.end)
        case Failed(message=message, where=where, hint=hint):
            best = _so_far(run) if run.best else ""
            return _paragraphs(
                f"**Failed: {prose(message)}**", f"At {code(where)}." if where else "", prose(hint), best
            )
        case None:
            return _unfinished(run, running)


def _finished(run: Chronicle, end: Finished) -> str:
    # The evidence below says how many tests pass; only a run without any has to say it here.
    said = bool(end.evidence) or not end.tests.total
    tests = "" if said else _passing(run, end.tests.passed, end.tests.total)
    if tests and run.baseline and run.baseline.passed != end.tests.passed:
        tests += f"; before, {run.baseline.passed} passed"
    if end.outcome != "improved":
        title = _OUTCOMES.get(end.outcome, end.outcome)
        if end.outcome == "scored" and end.score is not None:
            title, tests = sentences.gain(end.score), ""
        reason = end.reason.removeprefix("nothing better was found: ")
        best = f"{_so_far(run)} It was not confirmed." if run.best else ""
        hint = prose(sentences.hint(end.hint))
        return _paragraphs(f"**{title}.** {_sentence(reason)} {_sentence(tests)}".rstrip(), best, hint)
    how = sentences.speed(end.speedup) if end.speedup else "fixed" if end.goal == "fix" else "improved"
    how = sentences.gain(end.score) if end.score is not None else how
    change = f": {prose(end.rationale.rstrip('.'))}" if end.rationale else ""
    applied = " It was applied." if end.applied else ""
    verdict = f"**{how[0].upper()}{how[1:]}{change}.** {_sentence(tests)}{applied}"
    return _paragraphs(verdict.rstrip(), _sentence(end.reason))


def _sentence(words: str) -> str:
    """Begins with a capital letter and ends with a stop."""
    if not words.strip():
        return ""
    shown = prose(words[0].upper() + words[1:])
    return shown if shown.endswith((".", "!", "?")) else f"{shown}."


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _unfinished(run: Chronicle, running: bool) -> str:
    best = f" {_so_far(run)}" if run.best else " Nothing better was found up to now." if run.evaluated else ""
    if running:
        return f"**Under way.**{best}"
    identity = run.started.run if run.started else ""
    resume = f"\n\nGo on with it: {code(f'secant resume {identity}')}, or Resume in the editor." if identity else ""
    return f"**Interrupted.** The run ended before its result was written.{best}{resume}"


def _passing(run: Chronicle, passed: int, total: int) -> str:
    """`2 of 3 tests pass`."""
    if run.judges == "critique":
        return f"the critique finds {'no mistake' if passed == total else 'mistakes'}"
    return f"{passed} of {sentences.counted(total, _case(run))} pass"


def _case(run: Chronicle) -> str:
    return sentences.WORDS[kind_of(run.judges)].case


def _so_far(run: Chronicle) -> str:
    best = run.best
    assert best is not None
    speed = f", {sentences.speed(best.speedup)}" if best.speedup else ""
    why = f": {prose(best.rationale)}" if best.rationale else ""
    return f"Best so far: {_passing(run, best.passed, best.total)}{speed}{why}."


def _evidence(run: Chronicle) -> str:
    if not isinstance(run.end, Finished) or not run.end.evidence:
        return ""
    return "\n".join(f"- {prose(sentence)}" for sentence in run.end.evidence)


def _difference(run: Chronicle) -> str:
    if isinstance(run.end, Finished) and run.end.diff:
        return f"## Difference\n\n{fenced(run.end.diff, 'diff')}"
    if not run.best_text or run.target is None:
        return ""
    hunks = function_diff(run.target.text, run.best_text)
    return f"## Difference of the best so far\n\n{fenced(hunks, 'diff')}"


def _alternatives(run: Chronicle) -> str:
    if not isinstance(run.end, Finished) or not run.end.alternatives:
        return ""
    return "## Alternatives\n\n" + "\n\n".join(_alternative(run, n, a) for n, a in enumerate(run.end.alternatives, 1))


def _alternative(run: Chronicle, number: int, alternative: Alternative) -> str:
    speed = sentences.interval(alternative.speedup) if alternative.speedup else ""
    facts = sentences.joined(sentences.tests(alternative.tests, run.judges), speed)
    parts = [f"### {number}. {prose(alternative.rationale) or code(alternative.artifact)}", escaped(facts)]
    if alternative.differs:
        shown = alternative.differs[:_MOST_DIFFERENCES]
        rows = [[code(d.get(key, "")) for key in ("call", "winner", "alternative")] for d in shown]
        parts.append(table(("on", "the winner gives", "this gives"), rows))
        parts.append(_left_out(len(alternative.differs) - len(shown), "more input"))
    elif run.judges == "tests":
        parts.append("No input is known on which it behaves otherwise.")
    parts.append(fenced(alternative.diff, "diff"))
    return _paragraphs(*parts)


# --- the search


def _plot(run: Chronicle) -> str:
    trajectory = run.trajectory()
    if trajectory is None:
        return ""
    picture = f"![{escaped(describe(trajectory))}]({data_uri(plot(trajectory))})"
    measured_anew = trajectory.measure == "speed" and any(c.confirmed for c in run.candidates.values())
    return (
        f"{picture}\n\nSpeeds as the search measured them; the confirmation measured anew."
        if measured_anew
        else picture
    )


def _evolution(run: Chronicle) -> str:
    steps = [curves.Step(number, evolution) for number, evolution in run.evolution]
    if not steps:
        return ""
    picture = f"![{escaped(curves.describe(steps))}]({data_uri(curves.curves(steps))})"
    numbers = table(curves.HEAD, map(curves.row, steps[-_MOST_STEPS:]))
    rest = _left_out(len(steps) - _MOST_STEPS, "earlier step")
    measured = "the share of time saved" if steps[-1].evolution.by_speed else "the share of cases passed"
    return _paragraphs(
        "## How the model's versions moved",
        picture,
        f"The score is {measured}; each version is compared with the one before it.",
        details("The numbers", _paragraphs(numbers, rest)),
    )


def _candidates(run: Chronicle) -> str:
    if not run.candidates:
        return ""
    number = sentences.counted(len(run.candidates), "candidate")
    fates = "; ".join(f"{count:,} {escaped(fate)}" for fate, count in run.fates())
    ranked = run.ranked()
    shown = ranked[:_MOST_CANDIDATES]
    parts = [f"## Candidates\n\n{number}: {fates}."]
    if shown:
        rows = (_candidate_row(c, run.judges) for c in shown)
        parts.append(table(("", "change", run.judges, "speed", "fate"), rows))
        parts.append(_left_out(len(ranked) - len(shown), "more candidate"))
    return _paragraphs(*parts)


def _candidate_row(candidate: Candidate, judges: Judges) -> Sequence[str]:
    known = candidate.total and (candidate.whole or candidate.passed)  # the search ends at the first failure
    tests = f"{'' if candidate.whole else '≥ '}{candidate.passed}/{candidate.total}" if known else ""
    if judges == "cases":
        tests = f"{sentences.percent(candidate.mean)} of {candidate.total:,}" if candidate.total else ""
    if judges == "critique":
        tests = escaped("no mistake" if candidate.severity == "none" else candidate.severity)
    speed = sentences.speed(candidate.measured) if candidate.measured else ""
    reason = candidate.confirmed.reason if candidate.confirmed and not candidate.confirmed.ok else candidate.note
    fate = candidate.fate + (": " + sentences.one_line(reason, 100) if reason else "")
    star = "★" if candidate.improved else ""
    return [star, prose(sentences.one_line(candidate.rationale)), tests, speed, prose(fate)]


# --- the tests


def _tests(run: Chronicle) -> str:
    parts: list[str] = []
    if run.tests is not None:
        found = run.tests
        number = sentences.counted(len(found.tests), _case(run))
        judged = f"Judged by {number}:" if found.tests else f"No {_case(run)} judges it."
        if run.judges == "critique":
            parts.append(_sentence("; ".join(test.why for test in found.tests)))
        else:
            parts.extend((judged, _groups(found.tests)))
        if found.left_out:
            parts.append(f"Left out {sentences.counted(len(found.left_out), 'test')}:")
            parts.append(_groups(found.left_out))
    if run.baseline is not None:
        parts.append(_before(run))
    if run.tests is not None and (run.tests.tests or run.tests.left_out) and run.judges != "critique":
        parts.append(_every_test(run))
    return f"## {run.judges.capitalize()}\n\n" + _paragraphs(*parts) if parts else ""


def _groups(tests: Sequence[FoundTest]) -> str:
    """By file and reason, the largest group first."""
    groups = Counter(_group(test) for test in tests).most_common()
    lines = [f"- {count:,} of {code(file)}: {prose(why)}" for (file, why), count in groups[:_MOST_GROUPS]]
    rest = sum(count for _, count in groups[_MOST_GROUPS:])
    if rest:
        lines.append(f"- {rest:,} more, from other files or for other reasons")
    return "\n".join(lines)


def _group(test: FoundTest) -> tuple[str, str]:
    """Its file and why it was chosen; of a row of data its file says all."""
    place = place_of(test)
    return (test.id.partition("::")[0], test.why) if place is None else (place.path.name, "rows of the data")


def _before(run: Chronicle) -> str:
    told = run.baseline
    assert told is not None
    if run.judges == "critique":
        return f"Before: {_passing(run, told.passed, told.total)}."
    parts = [f"Before: {told.passed} of {sentences.counted(told.total, _case(run))} passed."]
    if told.failed:
        shown = ", ".join(code(name) for name in told.failed[:_MOST_GROUPS])
        more = f" and {len(told.failed) - _MOST_GROUPS} more" if len(told.failed) > _MOST_GROUPS else ""
        parts.append(f"Failing: {shown}{more}.")
    how = "; ".join(text for text in (told.path, told.isolation) if text)
    parts.append(f"Candidates ran: {escaped(how)}." if how else "")
    return " ".join(part for part in parts if part)


def _every_test(run: Chronicle) -> str:
    assert run.tests is not None
    judging = [[code(t.id), _before_of(run, t.id), prose(t.why)] for t in run.tests.tests]
    left_out = [[code(t.id), "left out", prose(t.why)] for t in run.tests.left_out]
    rows = [*judging, *left_out]
    shown = table((_case(run), "before", "why"), rows[:_MOST_TESTS])
    rest = _left_out(len(rows) - _MOST_TESTS, f"more {_case(run)}")
    return details(f"Every {_case(run)}", f"{shown}\n\n{rest}" if rest else shown)


def _before_of(run: Chronicle, test: str) -> str:
    """How the original did on it. Of a prompt's cases those that are held out, or to learn from, were not run."""
    if run.baseline is not None and test in run.baseline.failed:
        return "failed"
    ran = run.before.evaluation if run.judges == "cases" and run.before is not None else None
    return "passed" if ran is None or any(result.case_id == test for result in ran.results) else "not run"


# --- the rest


def _notices(run: Chronicle) -> str:
    lines = [
        f"- {notice.level}: {prose(notice.message)} {prose(sentences.hint(notice.hint))}".rstrip()
        for notice in run.notices
    ]
    buffers = run.started.request.get("buffers") if run.started else None
    if buffers:
        unsaved = ", ".join(code(PurePath(str(path)).name) for path in sorted(buffers))
        lines.insert(0, f"- info: It ran on unsaved text of {unsaved}, as it was in the editor.")
    return "## Notices\n\n" + "\n".join(lines) if lines else ""


def _spend(run: Chronicle) -> str:
    end = run.end if isinstance(run.end, Finished) else None
    evaluations = end.evaluations if end else run.evaluations
    duration = end.seconds if end else run.last_time - run.first_time
    usage = {level: spent for level, spent in run.usage.items() if spent.calls}
    if run.started is None:
        return ""
    parts = ["## Time and cost", f"{sentences.counted(evaluations, 'evaluation')} in {duration:.1f} s."]
    if run.forecast is not None:
        parts.append(f"Expected at the start: {prose(foretold(run.forecast))}.")
    if usage:
        parts.append(table(("level", "calls", "tokens in", "tokens out", "USD"), _ledger(usage)))
    else:
        parts.append("No model was called.")
    request = run.started.request
    facts = [f"Optimizer {code(run.started.optimizer)}", *map(code, run.models), f"seed {run.started.seed}"]
    for limit, name in _LIMITS.items():
        if request.get(limit) is not None:
            facts.append(escaped(name.format(request[limit])))
    parts.append(f"{', '.join(facts)}.")
    return _paragraphs(*parts)


def _ledger(usage: Mapping[str, Usage]) -> Iterator[Sequence[str]]:
    """What each level spent, and all of them together where there are several."""
    for level, spent in usage.items():
        yield _ledger_row(escaped(level), spent)
    if len(usage) > 1:
        yield _ledger_row("all", total(usage))


def _ledger_row(level: str, spent: Usage) -> Sequence[str]:
    tokens = (f"{count:,}" for count in (spent.prompt_tokens, spent.completion_tokens))
    return [level, f"{spent.calls:,}", *tokens, cost(spent)]


def _left_out(number: int, noun: str) -> str:
    return f"{sentences.counted(number, noun)} not shown." if number > 0 else ""
