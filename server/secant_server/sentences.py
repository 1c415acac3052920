"""Every short phrase that a person reads: of a result, of a run under way, on a button, in a prompt.

Words only. It decides nothing and formats values that others measured; the separator of facts is ` · ` everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from secant.events import Finished, Progress, TestCount
from secant.spending import by_level, in_short
from secant.types import SpeedUp, Usage

if TYPE_CHECKING:
    from secant_server.blocks import Problem
    from secant_server.proposals import Option, Proposal

REVIEW = "Review"
APPLY = "Apply"
DISMISS = "Dismiss"
STOP = "Stop"
OPTIMIZE = "Optimize"
RUN_AGAIN = "Run again"
CHANGED = "changed since measured"
UNPARSED = "the file does not parse now"
UNCONFIRMED = "stopped before confirmation"

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
_IN_AN_EDITOR = (
    ("--python PATH", "the setting secant.interpreter"),
    ("--model NAME. What is configured and reachable: secant models", "name one in the setting secant.model."),
    ("--model openai/gpt-4o-mini. `secant models` says what is configured and reachable.", "the setting secant.model."),
    ("--model openai/gpt-4o-mini", "the setting secant.model"),
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


def tests(count: TestCount) -> str:
    """`14/14 tests`; nothing where no test judged."""
    return f"{count.passed}/{counted(count.total, 'test')}" if count.total else ""


def summary(option: Option) -> str:
    """A proposal's result: `2.3x faster · 14/14 tests`, `fixed · 6/6 tests`."""
    if option.speedup is not None:
        return joined(speed(option.speedup), tests(option.tests))
    fixed = "fixed" if option.tests.total and option.tests.passed == option.tests.total else ""
    return joined(fixed, tests(option.tests))


def result(proposal: Proposal, option: int = 0) -> str:
    """The summary with what it takes to judge it: `fixed · 6/6 tests (2 failed before)`."""
    words = summary(proposal.options[option])
    if proposal.failed_before:
        words = f"{words} ({proposal.failed_before:,} failed before)"
    return joined(words, "" if proposal.confirmed else UNCONFIRMED)


# --- a run


def best(text: str) -> str:
    """The engine's `9 of 12 passed, 1.80x` in short: the ratio where there is one, otherwise the tests."""
    found = _BEST.fullmatch(text)
    if found is None:
        return one_line(text, 60)
    if found["ratio"]:
        return times(float(found["ratio"]))
    return tests(TestCount(passed=int(found["passed"]), total=int(found["total"])))


def phase(name: str, message: str = "") -> str:
    """What goes on: the engine's own words, or those for its phase."""
    return one_line(message, 80) or _PHASES.get(name, name)


def progress(event: Progress, most_calls: int | None = None) -> str:
    """`trying candidates · cand 7 · 3 of 20 calls, $0.0040 · best 1.8x · 12 s`."""
    return joined(
        phase(event.phase, event.message),
        _candidates(event.evaluations),
        spent(event.usage, most_calls),
        f"best {best(event.best)}" if event.best else "",
        seconds(event.seconds),
    )


def spent(usage: Mapping[str, Usage], most_calls: int | None = None) -> str:
    """`3 of 20 calls, $0.0040 (program 1, optimizer 2)`; nothing where no model was asked."""
    words, levels = in_short(usage, most_calls), by_level(usage)
    return f"{words} ({levels})" if levels else words


def optimizing(evaluations: int, best_so_far: str) -> str:
    """The lens of a run: `optimizing… cand 7 · best 1.8x`."""
    facts = joined(_candidates(evaluations), f"best {best(best_so_far)}" if best_so_far else "")
    return f"optimizing… {facts}".rstrip()


def seconds(value: float) -> str:
    """`12 s`, `3 min 5 s`."""
    whole = int(value)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def optimizing_title(name: str) -> str:
    return f"Optimizing {name}"


def ended(event: Finished, words: str = "") -> str:
    """The last words of a progress: `improved: 2.3x faster · 14/14 tests`, or why there is nothing."""
    if event.outcome == "improved":
        return f"improved: {words}" if words else "improved"
    return joined("stopped" if event.outcome == "stopped" else "nothing better found", flowing(event.reason, 120))


def offer(name: str, words: str, confirmed: bool = True) -> str:
    """The question when a run is done: `Basket.total: fixed · 6/6 tests`."""
    return f"{name}: {joined(words, '' if confirmed else UNCONFIRMED)}"


def nothing_better(name: str, reason: str) -> str:
    """When a run is done and has nothing to offer."""
    return f"{name}: {flowing(reason) or 'nothing better was found'}"


def comparison(name: str, words: str) -> str:
    """The title of a review: `Basket.total: current ↔ 2.3x faster`."""
    return f"{name}: current ↔ {words.partition(' · ')[0]}"


def hint(text: str) -> str:
    """What the engine advises, in terms of an editor: the engine knows options of a command."""
    for said, here in _IN_AN_EDITOR:
        text = text.replace(said, here)
    return text


def misfit(name: str, problem: Problem | None) -> str:
    """Why a proposal cannot be applied, and what can be done. `problem` is why the file does not parse."""
    if problem is not None:
        return f"The file does not parse now (line {problem.line + 1}: {one_line(problem.message)}). Repair that first."
    return changed(name)


def changed(name: str) -> str:
    """Why a stale proposal cannot be applied, and what can be done."""
    return f"'{one_line(name)}' changed since this was measured. Run it again."


def _candidates(evaluations: int) -> str:
    return f"cand {evaluations:,}" if evaluations else ""
