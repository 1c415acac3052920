"""The documents that the server writes for a reader: addresses of `secant:` documents, what they hold, a diff as text.

Pure: texts go in and come out, no file is read or written. What a document shows is always derived from the buffer as
it is now, never from what it was when the run began.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from secant_server import sentences
from secant_server.proposals import Proposal, merged, placed
from secant_server.targets import Outline
from secant_server.text import lines, normalized

SCHEME = "secant"
_NO_NEWLINE = "\\ No newline at end of file\n"


class ProposalDocument(NamedTuple):
    """`secant:/proposal/<id>/<option>/<file name>`: the whole file with the proposal in it."""

    proposal: str
    option: int


class RunDocument(NamedTuple):
    """`secant:/run/<id>/<any name>.md`: the report of a run. The name becomes the title of its tab."""

    run: str


def proposal_uri(proposal: Proposal, option: int = 0) -> str:
    """The file's own name stands last: an editor takes title and language from it."""
    return f"{SCHEME}:/proposal/{_quoted(proposal.id)}/{option}/{_quoted(proposal.path.name)}"


def run_uri(run: str, name: str = "") -> str:
    """`name` is that of what was optimized."""
    return f"{SCHEME}:/run/{_quoted(run)}/{_quoted((name or 'report').removesuffix('.md'))}.md"


def parse(uri: str) -> ProposalDocument | RunDocument | None:
    """What the address names; None for any other. Editors differ in what they quote and how many slashes they write."""
    try:
        scheme, _, path, _, _ = urlsplit(uri)
    except ValueError:
        return None
    if scheme != SCHEME:
        return None
    match [unquote(part) for part in path.split("/") if part]:
        case ["proposal", identity, option, _] if option.isascii() and option.isdigit():
            return ProposalDocument(identity, int(option))
        case ["run", identity, name] if name.endswith(".md"):
            return RunDocument(identity)
        case _:
            return None


def proposal_text(proposal: Proposal, option: int, text: str, outline: Outline) -> str:
    """The buffer with the option in it; where it does not fit any more, the buffer with a first line that says so."""
    spliced = merged(proposal, option, text, outline)
    if spliced is not None:
        return spliced
    if placed(proposal, text, outline, None).standing == "applied":
        return text
    return f"{outline.remark(f'Secant: {sentences.misfit(proposal, outline.problem)}')}{text}"


def diff_text(proposal: Proposal, option: int, text: str, outline: Outline, root: Path) -> str:
    """What the option changes in the buffer, for editors that open no `secant:` documents.

    First what speaks for it, as lines that `patch` and `git apply` skip, then a unified diff with "\\n" line ends and
    paths relative to `root`.
    """
    head = "".join(f"# {sentences.one_line(line)}\n" for line in _head(proposal, option))
    spliced = merged(proposal, option, text, outline)
    if spliced is None:
        return f"{head}#\n# {sentences.misfit(proposal, outline.problem)}\n"
    path = proposal.path
    name = (path.relative_to(root) if path.is_relative_to(root) else PurePath(path.name)).as_posix()
    old, new = (lines(normalized(each)) for each in (text, spliced))
    hunks = difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
    return f"{head}\n{''.join(_ended(line) for line in hunks)}"


def function_diff(base: str, source: str) -> str:
    """The hunks between two texts of one function or solution, without names of files: its place is not known here."""
    hunks = difflib.unified_diff(lines(base), lines(source))
    return "".join(_ended(line) for line in list(hunks)[2:])


def _head(proposal: Proposal, option: int) -> Iterator[str]:
    chosen = proposal.options[option]
    name = f"{proposal.label}, alternative {option}" if option else proposal.label
    yield sentences.offer(name, sentences.result(proposal, option))
    if chosen.rationale:
        yield chosen.rationale
    if not option:
        yield from (f"- {sentence}" for sentence in proposal.evidence)
    for differing in chosen.differs:
        call, winner, this = (
            sentences.one_line(differing.get(key, ""), 80) for key in ("call", "winner", "alternative")
        )
        yield f"- on {call} the winner gives {winner}, this gives {this}"
    if not option and len(proposal.options) > 1:
        yield f"- there is more: {sentences.counted(len(proposal.options) - 1, 'alternative')}, see the code actions"


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}"


def _quoted(text: str) -> str:
    return quote(text, safe="")
