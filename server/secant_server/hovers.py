"""The hover on a function's name or a solution's heading, with a proposal that is ready: what speaks for it.

Pure. Bounded: a hover is read at a glance, and says what it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types as lsp

from secant_server import sentences
from secant_server.documents import function_diff
from secant_server.markdown import code, escaped, fenced, prose, table
from secant_server.places import offers
from secant_server.proposals import Option, Proposal
from secant_server.text import Span
from secant_server.views import Shown

_MOST_LINES = 30
_MOST_ALTERNATIVES = 3
_MOST_INPUTS = 3


def hover(shown: Shown, position: lsp.Position) -> lsp.Hover | None:
    """What is known of the proposal for the target whose decorators, `def` line or heading stand at the position."""
    if shown.reason_declined:
        return None
    target = shown.outline.at(position.line)
    if target is None or not target.head.start <= position.line < target.head.end:
        return None
    offer = offers(shown).get(target.line)
    if offer is None or offer.placed.standing != "ready":
        return None
    return lsp.Hover(contents=_contents(shown, offer.proposal), range=_lines(target.head))


def _contents(shown: Shown, proposal: Proposal) -> lsp.MarkupContent:
    if shown.client.markdown_hover:
        return lsp.MarkupContent(kind=lsp.MarkupKind.Markdown, value="\n\n".join(_markdown(proposal)) + "\n")
    return lsp.MarkupContent(kind=lsp.MarkupKind.PlainText, value="\n".join(_plain(proposal)) + "\n")


def _markdown(proposal: Proposal) -> Iterator[str]:
    option = proposal.options[0]
    yield f"**Secant: {escaped(sentences.result(proposal))}**"
    if option.rationale:
        yield prose(option.rationale)
    yield "\n".join(f"- {prose(sentence)}" for sentence in _evidence(proposal))
    shown, left_out = _bounded(proposal)
    yield fenced("\n".join(shown), "diff")
    if left_out:
        yield f"*{_rest(left_out)}*"
    for index, alternative in _alternatives(proposal):
        facts = _facts(proposal, alternative)
        yield f"**Alternative {index}:** {prose(facts)}"
        if alternative.differs:
            rows = [[code(d.get(key, "")) for key in _INPUT] for d in alternative.differs[:_MOST_INPUTS]]
            yield table(("on", "the winner gives", "this gives"), rows)
    yield from _more(proposal)


def _plain(proposal: Proposal) -> Iterator[str]:
    option = proposal.options[0]
    yield f"Secant: {sentences.result(proposal)}"
    if option.rationale:
        yield sentences.one_line(option.rationale)
    yield from (f"- {sentences.one_line(sentence)}" for sentence in _evidence(proposal))
    shown, left_out = _bounded(proposal)
    yield from ("", *shown)
    if left_out:
        yield _rest(left_out)
    for index, alternative in _alternatives(proposal):
        facts = _facts(proposal, alternative)
        yield from ("", f"Alternative {index}: {facts}")
        for differing in alternative.differs[:_MOST_INPUTS]:
            call, winner, this = (sentences.one_line(differing.get(key, ""), 80) for key in _INPUT)
            yield f"- on {call} the winner gives {winner}, this gives {this}"
    yield from _more(proposal)


_INPUT = ("call", "winner", "alternative")


def _evidence(proposal: Proposal) -> Iterator[str]:
    """The engine's own sentences; those of the measurement itself where a run was stopped before it wrote them."""
    if proposal.evidence:
        yield from proposal.evidence
        return
    option = proposal.options[0]
    words = sentences.WORDS[proposal.kind]
    if proposal.judges == "critique":
        yield f"{sentences.summary(option, proposal.judges)}.".capitalize()
    elif option.tests.total:
        yield f"{option.tests.passed} of {sentences.counted(option.tests.total, words.case)} pass."
    if option.speedup is not None:
        yield f"{sentences.interval(option.speedup)}."
    if not proposal.confirmed:
        yield f"The run was stopped before {words.confirmed}."


def _bounded(proposal: Proposal) -> tuple[Sequence[str], int]:
    """The hunks without the names of the files, and the number of lines that are left out."""
    option = proposal.options[0]
    lines = (option.diff or function_diff(proposal.base, option.source)).rstrip("\n").split("\n")
    hunks = lines[2:] if lines[0].startswith("--- ") else lines
    return hunks[:_MOST_LINES], max(0, len(hunks) - _MOST_LINES)


def _rest(left_out: int) -> str:
    return f"{sentences.counted(left_out, 'more line')} of the difference: {sentences.REVIEW} shows them."


def _alternatives(proposal: Proposal) -> Iterator[tuple[int, Option]]:
    yield from list(enumerate(proposal.options))[1 : _MOST_ALTERNATIVES + 1]


def _facts(proposal: Proposal, option: Option) -> str:
    return sentences.joined(sentences.one_line(option.rationale), sentences.summary(option, proposal.judges))


def _more(proposal: Proposal) -> Iterator[str]:
    left_out = len(proposal.options) - 1 - _MOST_ALTERNATIVES
    if left_out > 0:
        yield f"{sentences.counted(left_out, 'more alternative')} in the report of the run."


def _lines(span: Span) -> lsp.Range:
    return lsp.Range(start=lsp.Position(line=span.start, character=0), end=lsp.Position(line=span.end, character=0))
