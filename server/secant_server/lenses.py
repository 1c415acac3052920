"""Code lenses: the line of buttons above a function, a solution or a prompt.

Pure. What has neither run, proposal nor score has none, unless it invites one or the editor asks for one on everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter

from lsprotocol import types as lsp

from secant_server import scores, sentences
from secant_server.actions import review_command, server_command
from secant_server.places import Offer, offers
from secant_server.scores import Known
from secant_server.starts import Start, starts
from secant_server.targets import Target
from secant_server.text import excerpt
from secant_server.views import RunView, Shown


def lenses(shown: Shown) -> list[lsp.CodeLens]:
    """The lenses of the document, from top to bottom and, on a line, from left to right."""
    if shown.lens_mode == "off" or shown.reason_declined:
        return []
    found = [(target.line, command) for target, command in _commands(shown)]
    named = Counter(there.naming.line for there in shown.elsewhere if there.naming is not None)
    for there in shown.elsewhere:
        at = there.naming.line if there.naming is not None else 0
        for number, (target, command) in enumerate(_commands(there)):
            if named[at] > 1 and number == 0:  # one line may name several files
                command.title = f"{target.name}: {command.title}"
            found.append((at, command))
    return [lsp.CodeLens(range=_line(line), command=command) for line, command in sorted(found, key=itemgetter(0))]


def _commands(shown: Shown) -> Iterator[tuple[Target, lsp.Command]]:
    made = _Lenses(shown)
    for target in made.targets():
        yield from ((target, command) for command in made.commands(target))


class _Lenses:
    """What is looked up once for a whole document."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._offers = offers(shown)
        # A getter and its setter share a name, and a run has no more than that: its line of lenses stands once.
        running = ((shown.outline.named(name)[:1], run) for name, run in shown.running.items())
        self._runs = {target.line: (target, run) for named, run in running for target in named}
        self._everything = shown.lens_mode == "functions"
        named = (shown.outline.named(name) for name in {each.name for each in shown.measured})
        self._measured = {target.line: target for found in named for target in found if target.kind == "prompt"}

    def targets(self) -> Sequence[Target]:
        """Those that are offered by themselves, and all that have a run, a proposal or a score."""
        offered = (offer.target for offer in self._offers.values())
        under_way = (target for target, _ in self._runs.values())
        by_line = {t.line: t for t in (*offered, *under_way, *self._measured.values(), *self._shown.outline.targets)}
        return [by_line[line] for line in sorted(by_line)]

    def commands(self, target: Target) -> Iterator[lsp.Command]:
        under_way, offer = self._runs.get(target.line), self._offers.get(target.line)
        if under_way is not None:
            yield from _running(under_way[1])
        elif offer is not None:
            yield from _stale(offer) if offer.placed.standing == "stale" else _ready(self._shown, offer)
        elif self._everything or target.inviting or target.line in self._measured:
            yield from self._beginning(target)

    def _beginning(self, target: Target) -> Iterator[lsp.Command]:
        source = excerpt(self._shown.text, target.span)
        if self._shown.outline.obstacle(target, source):
            return
        known = scores.known(self._shown.measured, target.name, source)
        ways = [start for start in starts(self._shown.uri, target, self._shown.naming) if start.usual]
        if known is None:
            yield from (start.called(start.button) for start in ways)
        else:
            yield from _scored(known, ways)


def _running(run: RunView) -> Iterator[lsp.Command]:
    yield server_command(
        sentences.under_way(run.doing, run.evaluations, run.best, run.judges), "secant.showReport", run=run.id
    )
    yield server_command(sentences.STOP, "secant.stop", run=run.id)


def _ready(shown: Shown, offer: Offer) -> Iterator[lsp.Command]:
    proposal = offer.proposal
    unconfirmed = "" if proposal.confirmed else sentences.UNCONFIRMED
    result = sentences.joined(sentences.summary(proposal.options[0], proposal.judges), unconfirmed)
    yield server_command(result, "secant.showReport", run=proposal.id)
    yield review_command(shown, proposal)
    yield server_command(sentences.APPLY, "secant.accept", proposal=proposal.id, option=0)
    yield server_command(sentences.DISMISS, "secant.reject", proposal=proposal.id)


def _stale(offer: Offer) -> Iterator[lsp.Command]:
    proposal = offer.proposal
    yield server_command(sentences.CHANGED, "secant.showReport", run=proposal.id)
    yield server_command(sentences.RUN_AGAIN, "secant.rerun", proposal=proposal.id)
    yield server_command(sentences.DISMISS, "secant.reject", proposal=proposal.id)


def _scored(known: Known, ways: Sequence[Start]) -> Iterator[lsp.Command]:
    """The first way to go on from there stands beside the score, in one button."""
    first, *others = ways
    yield first.called(sentences.joined(sentences.standing(known), sentences.REFINE_SHORT))
    yield from (start.called(sentences.SCORE_AGAIN) for start in others)
    yield server_command(sentences.REPORT, "secant.showReport", run=known.measured.run)


def _line(line: int) -> lsp.Range:
    start = lsp.Position(line=line, character=0)
    return lsp.Range(start=start, end=start)
