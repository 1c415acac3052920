"""What is known before the search: the function, the tests that judge and why, how they went on the original."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence

from rich.text import Text

from secant.cli.terminal import clean, counted
from secant.cli.words import Words
from secant.events import Baseline, Forecast, FoundTest, TargetFound, TestsFound
from secant.spending import foretold

_MARGIN = " " * 11
_MOST_LINES = 12
_MOST_FAILING = 4
_PATHS: Mapping[str, str] = {
    "swap": "each candidate is swapped into the collected tests, in a process of its own",
    "fresh": "each candidate is imported anew, in a process of its own",
    "cold": "each candidate gets a pytest of its own, on a copy of the project (slow)",
}


def target(event: TargetFound, words: Words) -> Text:
    place = f"{os.path.relpath(event.path)}:{event.first_line}-{event.last_line}"
    text = _entry(words.label, Text.assemble((event.name, "bold cyan"), f"  {clean(place)}"))
    return text.append(f"\n{_MARGIN}{clean(event.description)}", style="dim")


def tests(event: TestsFound, words: Words) -> Text:
    """Found and left out, each grouped by file and reason."""
    every = len(event.tests) + len(event.left_out)
    judging = f"{len(event.tests)} of {counted(every, words.case)}" if event.left_out else words.judged(every)
    text = _entry(words.cases, f"judged by {judging}")
    if any(test.place for test in event.tests):  # a case is a line of data, and there may be thousands
        return text.append(f" of {', '.join(clean(os.path.relpath(path)) for path in event.searched)}")
    _append(text, event.tests, _MOST_LINES // 2)
    if event.left_out:
        text.append(f"\n{_MARGIN}left out:", style="dim")
        _append(text, event.left_out, _MOST_LINES // 2 - 1)
    return text


def baseline(event: Baseline, words: Words, places: Mapping[str, str]) -> Text:
    """`places` are the lines of data that cases stand on."""
    goal = "make it pass all" if event.goal == "fix" else "make it faster" if event.goal == "faster" else event.goal
    text = _entry("Baseline", f"{words.passing(event.passed, event.total)}; the goal: {goal}")
    for name in event.failed[:_MOST_FAILING]:
        place = f"  {clean(os.path.relpath(places[name]))}" if name in places else ""
        text.append(f"\n{_MARGIN}fails: {clean(name)}{place}", style="dim")
    if len(event.failed) > _MOST_FAILING:
        text.append(f"\n{_MARGIN}and {len(event.failed) - _MOST_FAILING} more", style="dim")
    path, _, why = event.path.partition(": ")
    told = _PATHS.get(path, path)
    if told:
        text.append(f"\n{_MARGIN}{told}{f', because {clean(why)}' if why else ''}", style="dim")
    if event.isolation:
        text.append(f"\n{_MARGIN}isolation: {event.isolation}", style="dim")
    return text


def forecast(event: Forecast) -> Text:
    return _entry("Models", foretold(event))


def _entry(label: str, value: Text | str) -> Text:
    return Text.assemble((f"{label:<11}", "bold"), value)


def _append(text: Text, found: Sequence[FoundTest], most: int) -> None:
    """One line for each file and reason, the largest first; at most `most` lines."""
    groups = Counter((test.id.partition("::")[0], test.why) for test in found).most_common()
    shown = groups if len(groups) <= most else groups[: most - 1]
    for (file, why), number in shown:
        text.append(f"\n{_MARGIN}{number:>4}  {clean(file)}", style="dim")
        text.append(f"  {clean(why)}", style="dim italic")
    if len(shown) < len(groups):
        rest = sum(number for _, number in groups[len(shown) :])
        text.append(f"\n{_MARGIN}{rest:>4}  in {counted(len(groups) - len(shown), 'more group')}", style="dim")
