"""Where something is offered: the target that a selection means, why there is none, the proposal that concerns it.

Pure. Reads lines only: a column is counted differently by every editor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lsprotocol import types as lsp

from secant.judging import Kind
from secant_server import sentences
from secant_server.proposals import Placed, Proposal
from secant_server.targets import Pick, Selection, Target
from secant_server.text import excerpt
from secant_server.views import RunView, Shown


class Offer(NamedTuple):
    """A proposal that is ready or stale, at the target that it is for."""

    proposal: Proposal
    placed: Placed
    target: Target


def place(shown: Shown, selection: lsp.Range, kind: Kind | None = None) -> Pick:
    """The target that the selection means; with a reason where nothing can be run on it. `kind`: what it has to be."""
    if shown.reason_declined:
        return Pick(None, shown.reason_declined)
    problem = shown.outline.problem
    if problem is not None:
        where = f"line {problem.line + 1}: {sentences.one_line(problem.message)}"
        return Pick(None, f"The file does not parse ({where}). Repair that line first.")
    target, reason = shown.outline.meant(selected(selection), kind)
    if target is None:
        return Pick(None, reason)
    return Pick(target, shown.outline.obstacle(target, excerpt(shown.text, target.span)))


def selected(selection: lsp.Range) -> Selection:
    """The lines of it. A selection of whole lines ends at the beginning of the next one, which is not meant."""
    start, end = selection.start, selection.end
    last = end.line - 1 if end.character == 0 and end.line > start.line else end.line
    return Selection(start.line, last, empty=start == end)


def offers(shown: Shown) -> Mapping[int, Offer]:
    """By the line of their target: at most one for each, in the order of the text."""
    by_line: dict[int, list[tuple[Proposal, Placed]]] = {}
    targets: dict[int, Target] = {}
    for proposal, placed in shown.proposals:
        named = shown.outline.named(proposal.name) if placed.span is not None else ()
        for target in named:
            if target.span == placed.span:
                targets[target.line] = target
                by_line.setdefault(target.line, []).append((proposal, placed))
    chosen = ((line, _chosen(by_line[line])) for line in sorted(by_line))
    return {line: Offer(*pair, targets[line]) for line, pair in chosen if pair is not None}


def running(shown: Shown) -> Mapping[int, RunView]:
    """The runs under way, by the line of their target."""
    return {target.line: run for name, run in shown.running.items() for target in shown.outline.named(name)}


def _chosen(pairs: Sequence[tuple[Proposal, Placed]]) -> tuple[Proposal, Placed] | None:
    """The newest that is ready. A stale one only where nothing came after it: what was applied later explains it."""
    newest_first = sorted(pairs, key=lambda pair: pair[0].created, reverse=True)
    found = next((pair for pair in newest_first if pair[1].standing == "ready"), newest_first[0])
    return found if found[1].standing in ("ready", "stale") else None
