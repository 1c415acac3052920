"""What a failed test says about a text of the function, in words for whoever writes the next one.

The assertion with both values, the line of the candidate where it raised, what the variables held, the test's own
source. Bounded, and the same in every run: no address, no temporary path, no time that was measured.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from secant.functions.steady import steady
from secant.functions.suite import Details
from secant.functions.testsource import TestSources, bounded
from secant.rewriting.source import FunctionSource

_MESSAGE = 1200
_LINE = 200
_SOURCE = 1200
_SECONDS = re.compile(r" (?:after|than) \d+(?:\.\d+)? s\b")
_ENDLESS = "It did not end"


class Failure(NamedTuple):
    """What a worker said about one test that did not pass."""

    test: str
    outcome: str
    message: str = ""
    error: str = ""
    line: int | None = None
    """Line of the candidate's own text where it raised."""
    details: Details = Details()


class Feedback:
    """Puts failures into words. `sources` gives the tests' text; None: it is left out, where nobody reads it."""

    def __init__(self, sources: TestSources | None, roots: Sequence[Path]) -> None:
        self._sources = sources
        self._roots = roots

    def of(self, failure: Failure, text: str) -> str:
        """The feedback of one test on a candidate's text."""
        return "\n".join(part for part in self._parts(failure, text) if part)

    def plain(self, message: str) -> str:
        """A message that belongs to no single test."""
        return bounded(_SECONDS.sub("", steady(message, self._roots)), _MESSAGE)

    def _parts(self, failure: Failure, text: str) -> Iterator[str]:
        yield self._what(failure)
        details = failure.details
        if failure.line is not None:
            yield from _place(failure, text)
            if details.arguments:
                yield f"The call from the test had {steady(details.arguments, self._roots)}"
            if details.variables:
                yield f"Variables there: {steady(details.variables, self._roots)}"
        yield from self._in_test(failure)

    def _what(self, failure: Failure) -> str:
        message = self.plain(failure.message)
        match failure.outcome:
            case "timeout" if failure.error == "OutOfFuel":
                return f"{_ENDLESS} ({message.removeprefix('OutOfFuel: ').rpartition('worker.probes.')[2]})."
            case "timeout":
                return f"{_ENDLESS} within its limit of time."
            case "crash":
                return f"The test's process came to an end: {message}"
            case "skipped":
                return f"It was skipped. {message}".rstrip()
            case _:
                return message or failure.outcome

    def _in_test(self, failure: Failure) -> Iterator[str]:
        if self._sources is None:
            return
        if failure.details.test_line is not None:
            line = self._sources.line(failure.test, failure.details.test_line)
            if line:
                yield f"The test failed at: {line[:_LINE]}"
        if failure.details.test_variables:
            yield f"Its variables: {steady(failure.details.test_variables, self._roots)}"
        source = self._sources.source(failure.test, _SOURCE)
        if source:
            yield f"The test:\n{source}"


def _place(failure: Failure, text: str) -> Iterator[str]:
    """The offending line; of an endless run the outermost loop around it, as the line itself is a matter of chance."""
    lines = text.split("\n")
    line = failure.line or 0
    if failure.outcome == "timeout" and failure.error != "OutOfFuel":
        line = _outermost_loop(text, line)
    if not 0 < line <= len(lines):
        return
    verb = "It was last in" if failure.outcome == "timeout" else "Raised in"
    yield f"{verb} line {line}: {lines[line - 1].strip()[:_LINE]}"


def _outermost_loop(text: str, line: int) -> int:
    """The line of the outermost loop around `line`; 0 where there is none."""
    try:
        node = FunctionSource(text).node
    except (SyntaxError, ValueError):
        return 0
    loops = [
        part.lineno
        for part in ast.walk(node)
        if isinstance(part, ast.For | ast.AsyncFor | ast.While) and part.lineno <= line <= (part.end_lineno or 0)
    ]
    return min(loops, default=0)
