"""The prompts of a prompt file, found by the engine's own readers, whatever the format. Most files are one prompt.

A prompt is all of its messages, from the first line of the first to the last line of the last: they are measured
together, and a run gives them back written as the format has them. Syntax only: no case is run, no data is read.
"""

from __future__ import annotations

import asyncio
import copy
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from secant.errors import SecantError
from secant.judging import Kind
from secant.promptfiles.evaldata.finding import find_data
from secant.promptfiles.formats.source import FileDocument
from secant.promptfiles.formats.standing import PromptFile
from secant.promptfiles.opening import prompts_standing
from secant_server.blocks import Problem
from secant_server.files import path_of
from secant_server.references import Reference, reference
from secant_server.targets import Pick, Selection, Target
from secant_server.text import Span, replaced, same_lines

_LONG = 10_000
"""Characters from which on reading takes milliseconds."""
_LINE = re.compile(r":(\d+)$")
_REMARKS: Mapping[str, str] = {
    ".md": "<!-- {} -->\n",
    ".markdown": "<!-- {} -->\n",
    ".prompt": "{{{{! {} }}}}\n",
    ".prompty": "<!-- {} -->\n",
    ".yml": "# {}\n",
    ".yaml": "# {}\n",
    ".jinja2": "{{# {} #}}\n",
    ".jinja": "{{# {} #}}\n",
    ".j2": "{{# {} #}}\n",
}


class Prompt(NamedTuple):
    """The prompt's place."""

    document: FileDocument
    cases: bool
    """Its file has some, or the config that names it."""

    @property
    def kind(self) -> Kind:
        return "prompt"

    @property
    def name(self) -> str:
        return self.document.name or self.document.path.name

    @property
    def span(self) -> Span:
        """As `promptfiles.place` has it."""
        parts = [part for part in self.document.parts if part.editable] or self.document.parts
        return Span(min(part.first_line for part in parts) - 1, max(part.last_line for part in parts))

    @property
    def head(self) -> Span:
        return Span(self.line, self.line + 1)

    @property
    def extent(self) -> Span:
        return self.span

    @property
    def line(self) -> int:
        return self.span.start

    @property
    def usual(self) -> bool:
        """There are cases for it."""
        return self.cases or bool(find_data(self.document.path))

    @property
    def inviting(self) -> bool:
        return self.usual

    @property
    def given(self) -> str:
        return ""


_SEVERAL = "There are several prompts here: put the cursor into one of them."


class Prompts:
    """Those of one text."""

    kind: Kind = "prompt"

    def __init__(self, path: Path, text: str) -> None:
        self.problem: Problem | None = None
        self.targets: Sequence[Prompt] = ()
        self.elsewhere: Sequence[Reference] = ()
        self._path = path
        self._reason = ""
        try:
            self.targets = self._opened(text)
        except SecantError as error:
            line = _LINE.search(error.where or "")
            if line is None:
                self._reason = f"{error.message[:1].upper()}{error.message[1:]}. {error.hint}".rstrip()
            else:
                self.problem = Problem(int(line[1]) - 1, error.message)

    def _opened(self, text: str) -> Sequence[Prompt]:
        """In the order of the text. Raises SecantError."""
        prompts, cases = prompts_standing(self._path, unsaved=text)
        self.elsewhere = [reference(each, cases=cases) for each in prompts if isinstance(each, PromptFile)]
        if self.elsewhere:
            names = ", ".join(each.path.name for each in self.elsewhere)
            self._reason = f"The prompt stands in a file of its own: {names}."
        here = (Prompt(each, cases) for each in prompts if not isinstance(each, PromptFile))
        return sorted(here, key=lambda prompt: prompt.line)

    def with_cases(self) -> Prompts:
        """The same where a config has cases for it."""
        other = copy.copy(self)
        other.targets = [prompt._replace(cases=True) for prompt in self.targets]
        return other

    def at(self, line: int) -> Prompt | None:
        return next((p for p in self.targets if p.extent.start <= line < p.extent.end), None)

    def named(self, name: str) -> Sequence[Prompt]:
        return [prompt for prompt in self.targets if prompt.name == name]

    def meant(self, selection: Selection, kind: Kind | None = None) -> Pick:
        """The one around a selection; the only one wherever that is: a front matter is about the prompt, too."""
        if len(self.targets) == 1:
            return Pick(self.targets[0])
        around = (p for p in self.targets if p.extent.start <= selection.first and selection.last < p.extent.end)
        found = next(around, None)
        return Pick(found, "" if found is not None else self._reason or _SEVERAL)

    def obstacle(self, target: Target, source: str) -> str:
        return ""

    def same(self, source: str, option: str, name: str) -> bool:
        return same_lines(source, option)

    def landed(self, text: str, target: Target, source: str) -> str | None:
        return replaced(text, target.span, source)

    def remark(self, sentence: str) -> str:
        form = _REMARKS.get(self._path.suffix.lower(), "[{}]\n")
        ends = next((ends for ends in ("--", "#}", "}}") if ends in form.format("")), "")
        return form.format(sentence.replace(ends, " ".join(ends)) if ends else sentence)


class PromptOutlines:
    """Outlines of open documents: the last version of each."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int | None, str, Prompts]] = {}
        self._reading = asyncio.Lock()

    def of(self, uri: str, version: int | None, text: str) -> Prompts:
        known = self._known.get(uri)
        if known is None or known[:2] != (version, text):
            known = self._known[uri] = (version, text, Prompts(path_of(uri), text))
        return known[2]

    async def soon(self, uri: str, version: int | None, text: str) -> Prompts:
        """A config with a thousand cases in it takes longer than a keystroke may: it is read beside everything else."""
        if len(text) > _LONG:  # a short one does not wait for it
            async with self._reading:  # a second request for the text waits for the first, and need not read it
                known = self._known.get(uri)
                if known is None or known[:2] != (version, text):
                    self._known[uri] = (version, text, await asyncio.to_thread(Prompts, path_of(uri), text))
        return self.of(uri, version, text)

    def forget(self, uri: str) -> None:
        self._known.pop(uri, None)
