"""What came out: the diff, the evidence, alternatives with the inputs that tell them apart, and how to apply each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from secant.cli.terminal import clean, counted
from secant.cli.words import Words
from secant.cli.workspace import command
from secant.events import Alternative, Finished, Improved
from secant.spending import in_short
from secant.types import SpeedUp

_MOST_ALTERNATIVES = 2
_MOST_DIFFERENCES = 5


def result(event: Finished, path: Path, words: Words) -> Iterator[RenderableType]:
    """The end of a run on a function in the file `path`, part by part."""
    yield Text()
    if event.outcome == "scored":
        yield from _scored(event)
        return
    if event.outcome != "improved":
        yield from _nothing(event, path, words)
        return
    yield _headline(event)
    yield diff(event.diff)
    said = f"{event.score.verdict}." if event.score is not None else ""
    for sentence in event.evidence:
        yield from [Text(f"• {clean(sentence)}")] if sentence != said else []  # the headline has it
    if event.reason:
        yield Text(f"• the search ended: {clean(event.reason)}", style="yellow")
    alternatives = event.alternatives[:_MOST_ALTERNATIVES]
    for number, alternative in enumerate(alternatives, 1):
        yield from _alternative(number, alternative, words)
    yield Text()
    yield from _commands(event, len(alternatives), path)


def _headline(event: Finished) -> Text:
    """A new prompt whose gain no test tells apart from noise is offered, and not called better."""
    told = event.score
    if told is None or told.after is None:
        return Text.assemble(("Improved", "bold green"), f"  {clean(event.rationale)}")
    title = ("Improved", "bold green") if told.claimed else ("Candidate", "bold yellow")
    return Text.assemble(title, f"  {clean(told.verdict)}\n{clean(event.rationale)}")


def _scored(event: Finished) -> Iterator[RenderableType]:
    told = event.score
    if told is not None:
        interval = f"95 %: {100 * told.before_low:.0f} to {100 * told.before_high:.0f}"
        yield Text.assemble(
            (f"{100 * told.before:.0f} %", "bold green"), f"  on {counted(told.n, 'case')} ({told.metric}; {interval})"
        )
        size = f"{told.words_before} words, about {told.tokens_before} tokens with every call"
        yield Text(f"• the prompt has {size}")
    for sentence in event.evidence:
        yield Text(f"• {clean(sentence)}")


def standing(event: Improved, words: Words) -> str:
    """A new best in a few words."""
    speed = f", {_ratio(event.speedup)}" if event.speedup else ""
    rationale = f": {clean(event.rationale)}" if event.rationale else ""
    return f"{words.passing(event.passed, event.total)}{speed}{rationale}"


def diff(text: str) -> Text:
    """A unified diff in colours."""
    shown = Text()
    for line in clean(text).rstrip("\n").split("\n"):
        shown.append(f"\n{line}", style=_style(line))
    return shown.append("\n")


def _style(line: str) -> str:
    if line.startswith(("--- ", "+++ ")):
        return "bold"
    return {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")


def _nothing(event: Finished, path: Path, words: Words) -> Iterator[RenderableType]:
    title = "Stopped" if event.outcome == "stopped" else "Unchanged"
    yield Text.assemble((title, "bold yellow"), f"  {clean(event.reason) or 'nothing better was found'}")
    if event.tests.total:
        yield Text(f"• {words.passing(event.tests.passed, event.tests.total)}, as before")
    for sentence in event.evidence:
        yield Text(f"• {clean(sentence)}")
    spent = in_short(event.usage)
    paid = f"; models: {spent}" if spent else ""
    yield Text(f"• no file was changed; {counted(event.evaluations, 'candidate')} tried in {event.seconds:.1f} s{paid}")
    if event.evaluations:
        yield Text.assemble("• what was tried: ", (command(f"secant show {event.run}", path), "bold"))
    going_on = f"secant resume {event.run}"
    if event.outcome == "stopped" and going_on not in event.reason:
        yield Text.assemble("• go on with it: ", (command(going_on, path), "bold"))
    if event.hint:
        yield Text(f"• {clean(event.hint)}")


def _alternative(number: int, alternative: Alternative, words: Words) -> Iterator[RenderableType]:
    tests = words.passing(alternative.tests.passed, alternative.tests.total)
    speed = f", {_ratio(alternative.speedup)}" if alternative.speedup else ""
    yield Text.assemble(
        ("\nAlternative ", "bold"), (str(number), "bold"), f"  {clean(alternative.rationale)} ({tests}{speed})"
    )
    yield diff(alternative.diff)
    if alternative.differs:
        yield _differences(alternative.differs)
    else:
        yield Text(f"• {words.alike}")


def _differences(differs: Sequence[Mapping[str, str]]) -> Table:
    table = Table("call", "winner", "alternative", box=box.SIMPLE_HEAD, title_justify="left")
    for column in table.columns:
        column.overflow = "fold"
    for differing in differs[:_MOST_DIFFERENCES]:
        table.add_row(*(Text(clean(differing.get(key, ""))) for key in ("call", "winner", "alternative")))
    return table


def _commands(event: Finished, alternatives: int, path: Path) -> Iterator[RenderableType]:
    if event.applied:
        yield Text.assemble(("Applied", "bold green"), f" to {clean(os.path.relpath(path))}")
        return
    if event.refused:
        kept = (command(f"secant show {event.run}", path), "bold")
        yield Text.assemble(("Not applied", "bold yellow"), f"  {clean(event.refused)}; the result is kept: ", kept)
        return
    yield Text.assemble("Apply it:  ", (command(f"secant apply {event.run}", path), "bold"))
    for number in range(1, alternatives + 1):
        words = f"secant apply {event.run} --alternative {number}"
        yield Text.assemble("      or:  ", (command(words, path), "bold"))


def _ratio(speed: SpeedUp) -> str:
    if speed.verdict == "indistinguishable":
        return "speed indistinguishable from noise"
    return f"{speed.ratio:.3g}x the speed ({speed.low:.3g} to {speed.high:.3g})"
