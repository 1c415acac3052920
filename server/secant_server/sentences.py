"""Every short phrase that a person reads: of a result, of a run under way, on a button, in a prompt.

Words only. It decides nothing and formats values that others measured; the separator of facts is ` · ` everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from secant.events import Finished, Progress, Score, TestCount
from secant.judging import Doing, Judges, Kind, kind_of
from secant.spending import by_level, in_short
from secant.types import SpeedUp, Usage

if TYPE_CHECKING:
    from secant_server.blocks import Problem
    from secant_server.proposals import Option, Proposal
    from secant_server.scores import Known, Miss

REVIEW = "Review"
APPLY = "Apply"
DISMISS = "Dismiss"
STOP = "Stop"
OPTIMIZE = "Optimize"
REFINE = "Refine solution"
REFINE_PROMPT = "Refine prompt"
REFINE_SHORT = "Refine"
SCORE = "Score it"
SCORE_AGAIN = "Score again"
REPORT = "Report"
RUN_AGAIN = "Run again"
CHANGED = "changed since measured"
UNPARSED = "the file does not parse now"
UNCONFIRMED = "stopped before confirmation"
NOISE = "not distinguishable from noise"
TOO_FEW = "too few cases to claim it"
SEEN = "on cases that the search has seen"

_SIGNIFICANT = 0.05


class Words(NamedTuple):
    """What is done with a target of one kind, and what judges it, is called."""

    case: str
    done: str
    tried: str
    confirmed: str


WORDS: Mapping[Kind, Words] = {
    "function": Words("test", "optimized", "cand", "a fresh pytest confirmed it"),
    "solution": Words("check", "refined", "version", "it was judged once more"),
    "prompt": Words("case", "refined", "prompt", "it was scored on held-out cases"),
}
DONE: Mapping[Doing, str] = {"optimizing": "optimized", "refining": "refined", "scoring": "scored"}

_PHASES: Mapping[str, str] = {
    "tests": "looking for tests",
    "record": "recording the calls that the tests make",
    "baseline": "measuring the original",
    "initialize": "reading the function",
    "propose": "writing candidates",
    "screen": "trying candidates",
    "behaviour": "comparing with the original",
    "speed": "timing",
    "extract": "choosing the best",
    "confirm": "confirming",
}
_SOLUTION_PHASES: Mapping[str, str] = {
    "baseline": "judging the solution there is",
    "initialize": "reading the solution",
    "propose": "asking for a better version",
    "cases": "judging versions",
    "extract": "choosing the best",
    "confirm": "judging the best once more",
}
_PROMPT_PHASES: Mapping[str, str] = {
    "baseline": "scoring the prompt there is",
    "initialize": "reading the prompt",
    "propose": "writing prompts",
    "cases": "scoring prompts",
    "extract": "choosing the best",
    "confirm": "scoring the best on held-out cases",
}
_PHASES_OF: Mapping[Kind, Mapping[str, str]] = {
    "function": _PHASES,
    "solution": _SOLUTION_PHASES,
    "prompt": _PROMPT_PHASES,
}
_NAME_ONE = "Name one in the setting secant.model"
_IN_AN_EDITOR = (
    ("--python PATH", "the setting secant.interpreter"),
    ("--model NAME. What is configured and reachable: secant models", "name one in the setting secant.model."),
    ("--model openai/gpt-4o-mini. `secant models` says what is configured and reachable.", "the setting secant.model."),
    ("Name a model (--model openai/gpt-4o-mini; `secant models` says what is configured and reachable)", _NAME_ONE),
    ("Name one (--model)", _NAME_ONE),
    ("--model openai/gpt-4o-mini", "the setting secant.model"),
    ("--optimizer-model", "secant.optimizerModel"),
    ("--optimizer rewrite", "rewrite in the setting secant.optimizer"),
    ("another --metric", "another in the setting secant.promptMetric"),
    ("Name a file: --data FILE, or put one beside it", "Put a file with them beside it"),
    ("(--metric)", "in the setting secant.promptMetric"),
    ("--metric ", "secant.promptMetric: "),
    ("--max-calls", "the setting secant.maxCalls"),
)
"""Options of the command, and what stands for them here. The longer before their parts."""
_SENTENCE_ENDS = re.compile(r"(\w)\s*\n\s*([A-Z])")
_BEST = re.compile(r"(?P<passed>\d+) of (?P<total>\d+) passed(?:, (?P<ratio>\d+(?:\.\d+)?)x)?")


def joined(*facts: str) -> str:
    """The facts that there are."""
    return " · ".join(fact for fact in facts if fact)


def counted(number: int, noun: str) -> str:
    """`1 test`, `2 tests`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def one_line(text: str, most: int = 200) -> str:
    """The text without line ends, cut where it is longer than `most` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def flowing(text: str, most: int = 400) -> str:
    """Lines that the engine wrote below each other as sentences behind each other, in terms of an editor."""
    return one_line(_SENTENCE_ENDS.sub(r"\1. \2", hint(text)), most)


# --- results


def times(ratio: float) -> str:
    """A ratio with as many digits as say something: `1.05x`, `2.3x`, `286x`, `12,000x`."""
    if ratio < 1.1:
        return f"{ratio:.2f}x"
    return f"{ratio:.1f}x" if ratio < 9.95 else f"{ratio:,.0f}x"


def speed(speedup: SpeedUp) -> str:
    """What may honestly be said, in three words."""
    match speedup.verdict:
        case "faster":
            return f"{times(speedup.ratio)} faster"
        case "slower":
            return f"{times(1 / speedup.ratio) if speedup.ratio > 0 else 'much'} slower"
        case "indistinguishable":
            return "speed indistinguishable from noise"


def interval(speedup: SpeedUp) -> str:
    """The speed with its interval, on what it was measured."""
    bounds = f"99 % interval {times(speedup.low)} to {times(speedup.high)}"
    return f"{speed(speedup)} ({bounds}, on {speedup.workload})"


def tests(count: TestCount, judges: Judges = "tests") -> str:
    """`14/14 tests`, `1/1 check`; nothing where none judged. A critique is no check."""
    if not count.total:
        return ""
    if judges == "critique":
        return "the critique finds no mistake" if count.passed == count.total else "the critique finds less"
    return f"{count.passed}/{counted(count.total, WORDS[kind_of(judges)].case)}"


def summary(option: Option, judges: Judges = "tests") -> str:
    """A proposal's result: `2.3x faster · 14/14 tests`, `fixed · 6/6 tests`, `the critique finds no mistake`,
    `58 % → 75 % on 24 cases`.
    """
    if option.score is not None:
        return gain(option.score)
    if option.speedup is not None:
        return joined(speed(option.speedup), tests(option.tests, judges))
    fixed = option.tests.total and option.tests.passed == option.tests.total and judges != "critique"
    return joined("fixed" if fixed else "", tests(option.tests, judges))


def result(proposal: Proposal, option: int = 0) -> str:
    """The summary with what it takes to judge it: `fixed · 6/6 tests (2 failed before)`."""
    chosen = proposal.options[option]
    words = summary(chosen, proposal.judges)
    if chosen.score is not None:
        return joined(words, caveat(chosen.score), "" if proposal.confirmed else UNCONFIRMED)
    if proposal.failed_before and proposal.judges != "critique":
        words = f"{words} ({proposal.failed_before:,} failed before)"
    return joined(words, "" if proposal.confirmed else UNCONFIRMED)


def percent(share: float) -> str:
    """A share with as many digits as say something: all and nothing are said of all and nothing alone."""
    whole = f"{100 * share:.0f}"
    return f"{100 * share:.1f} %" if whole in ("0", "100") and share not in (0.0, 1.0) else f"{whole} %"


def scored(share: float, n: int) -> str:
    """`72 % on 40 cases`."""
    return f"{percent(share)} on {counted(n, 'case')}"


def gain(score: Score) -> str:
    """`58 % → 75 % on 24 cases`; what there was where nothing came after it."""
    before = "" if score.after is None else f"{percent(score.before)} → "
    return f"{before}{scored(score.before if score.after is None else score.after, score.n)}"


def missed(miss: Miss, name: str) -> str:
    """Of a row that a prompt fails: why."""
    why = one_line(miss.feedback, 300) or "its answer is wrong"
    return f"{name} fails case {one_line(miss.case, 60)}: {why}"


def caveat(score: Score) -> str:
    """Why a difference is not claimed, in a few words: its verdict in short."""
    if score.claimed or score.after is None:
        return ""
    if score.split != "report":
        return SEEN
    return NOISE if score.p_value >= _SIGNIFICANT else TOO_FEW


def standing(known: Known) -> str:
    """What is known of a prompt: `72 % on 40 cases`, or that it is otherwise now."""
    words = scored(known.measured.share, known.measured.n)
    return words if known.current else f"{words}, {CHANGED}"


# --- a run


def best(text: str, judges: Judges = "tests") -> str:
    """The engine's `9 of 12 passed, 1.80x` in short: the ratio where there is one, otherwise what judged."""
    found = _BEST.fullmatch(text)
    if found is None:
        return one_line(text, 60)
    if found["ratio"]:
        return times(float(found["ratio"]))
    return tests(TestCount(passed=int(found["passed"]), total=int(found["total"])), judges)


def phase(name: str, message: str = "", kind: Kind = "function") -> str:
    """What goes on: the engine's own words, or those for its phase."""
    return one_line(message, 80) or _PHASES_OF[kind].get(name, name)


def progress(event: Progress, most_calls: int | None = None, judges: Judges = "tests") -> str:
    """`trying candidates · cand 7 · 3 of 20 calls, $0.0040 · best 1.8x · 12 s`."""
    return joined(
        phase(event.phase, event.message, kind_of(judges)),
        _tried(event.evaluations, judges),
        spent(event.usage, most_calls),
        _best_so_far(event.best, judges),
        seconds(event.seconds),
    )


def spent(usage: Mapping[str, Usage], most_calls: int | None = None) -> str:
    """`3 of 20 calls, $0.0040 (program 1, optimizer 2)`; nothing where no model was asked."""
    words, levels = in_short(usage, most_calls), by_level(usage)
    return f"{words} ({levels})" if levels else words


def under_way(doing: Doing, evaluations: int, best_so_far: str, judges: Judges = "tests") -> str:
    """The lens of a run: `optimizing… cand 7 · best 1.8x`."""
    facts = joined(_tried(evaluations, judges), _best_so_far(best_so_far, judges))
    return f"{doing}… {facts}".rstrip()


def stopping(doing: Doing, noun: str) -> str:
    """The action that ends a run."""
    return f"Stop {doing} {noun}" + ("" if doing == "scoring" else " and keep the best so far")


def seconds(value: float) -> str:
    """`12 s`, `3 min 5 s`."""
    whole = int(value)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def optimizing_title(label: str, doing: Doing = "optimizing") -> str:
    return f"{doing.capitalize()} {label}"


def ended(event: Finished, words: str = "") -> str:
    """The last words of a progress: `improved: 2.3x faster · 14/14 tests`, or why there is nothing."""
    if event.outcome == "scored" and event.score is not None:
        return gain(event.score)
    if event.outcome == "improved":
        return f"improved: {words}" if words else "improved"
    return joined("stopped" if event.outcome == "stopped" else "nothing better found", flowing(event.reason, 120))


def offer(name: str, words: str, confirmed: bool = True) -> str:
    """The question when a run is done: `Basket.total: fixed · 6/6 tests`."""
    return f"{name}: {joined(words, '' if confirmed else UNCONFIRMED)}"


def nothing_better(name: str, reason: str) -> str:
    """When a run is done and has nothing to offer."""
    return f"{name}: {flowing(reason) or 'nothing better was found'}"


def told_score(name: str, event: Finished) -> str:
    """When a prompt was scored: `support.prompt.md: 72 % on 40 cases.`"""
    words = gain(event.score) if event.score is not None else tests(event.tests, "cases")
    return f"{name}: {words}. {flowing(event.reason)}".rstrip()


def comparison(name: str, words: str) -> str:
    """The title of a review: `Basket.total: current ↔ 2.3x faster`."""
    return f"{name}: current ↔ {words.partition(' · ')[0]}"


def hint(text: str) -> str:
    """What the engine advises, in terms of an editor: the engine knows options of a command."""
    for said, here in _IN_AN_EDITOR:
        text = text.replace(said, here)
    return text


def misfit(proposal: Proposal, problem: Problem | None) -> str:
    """Why a proposal cannot be applied, and what can be done. `problem` is why the file does not parse."""
    if problem is not None:
        return f"The file does not parse now (line {problem.line + 1}: {one_line(problem.message)}). Repair that first."
    return changed(proposal)


def changed(proposal: Proposal) -> str:
    """Why a stale proposal cannot be applied, and what can be done."""
    if proposal.kind == "solution":
        return "The solution or its problem changed since this was measured. Refine it again."
    if proposal.kind == "prompt":
        return "The prompt changed since this was measured. Refine it again."
    return f"'{one_line(proposal.name)}' changed since this was measured. Run it again."


def _tried(evaluations: int, judges: Judges) -> str:
    return f"{WORDS[kind_of(judges)].tried} {evaluations:,}" if evaluations else ""


def _best_so_far(text: str, judges: Judges) -> str:
    """Of a critique that finds mistakes still there is nothing to say."""
    found = _BEST.fullmatch(text)
    if not text or (judges == "critique" and found is not None and found["passed"] != found["total"]):
        return ""
    return f"best: {best(text, judges)}" if judges == "critique" else f"best {best(text, judges)}"
