"""Code lenses: the line of buttons above a function.

Pure. A function with neither run nor proposal has none, unless the editor asks for one on every function.
"""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as lsp

from secant_server import sentences
from secant_server.actions import optimize_command, review_command, server_command
from secant_server.blocks import Function
from secant_server.places import Offer, nothing_to_run, offers
from secant_server.text import lines, normalized
from secant_server.views import RunView, Shown


def lenses(shown: Shown) -> list[lsp.CodeLens]:
    """The lenses of the document, from top to bottom and, on a line, from left to right."""
    if shown.lens_mode == "off" or shown.reason_declined:
        return []
    made = _Lenses(shown)
    return [
        lsp.CodeLens(range=_line(function.def_line), command=command)
        for function in shown.outline.functions
        for command in made.commands(function)
    ]


class _Lenses:
    """What is looked up once for all functions of a document."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._offers = offers(shown)
        # A getter and its setter share a name, and a run has no more than that: its line of lenses stands once.
        self._runs = {
            shown.outline.named(name)[0]: run for name, run in shown.running.items() if shown.outline.named(name)
        }
        self._rows = lines(normalized(shown.text)) if shown.lens_mode == "functions" else ()

    def commands(self, function: Function) -> Iterator[lsp.Command]:
        run, offer = self._runs.get(function), self._offers.get(function.span)
        if run is not None:
            yield from _running(run)
        elif offer is not None:
            yield from _stale(offer) if offer.placed.standing == "stale" else _ready(self._shown, offer)
        elif self._rows and not nothing_to_run(function.name, "".join(self._rows[slice(*function.span)])):
            yield optimize_command(self._shown, function)


def _running(run: RunView) -> Iterator[lsp.Command]:
    yield server_command(sentences.optimizing(run.evaluations, run.best), "secant.showReport", run=run.id)
    yield server_command(sentences.STOP, "secant.stop", run=run.id)


def _ready(shown: Shown, offer: Offer) -> Iterator[lsp.Command]:
    proposal = offer.proposal
    unconfirmed = "" if proposal.confirmed else sentences.UNCONFIRMED
    result = sentences.joined(sentences.summary(proposal.options[0]), unconfirmed)
    yield server_command(result, "secant.showReport", run=proposal.id)
    yield review_command(shown, proposal)
    yield server_command(sentences.APPLY, "secant.accept", proposal=proposal.id, option=0)
    yield server_command(sentences.DISMISS, "secant.reject", proposal=proposal.id)


def _stale(offer: Offer) -> Iterator[lsp.Command]:
    proposal = offer.proposal
    yield server_command(sentences.CHANGED, "secant.showReport", run=proposal.id)
    yield server_command(sentences.RUN_AGAIN, "secant.rerun", proposal=proposal.id)
    yield server_command(sentences.DISMISS, "secant.reject", proposal=proposal.id)


def _line(line: int) -> lsp.Range:
    start = lsp.Position(line=line, character=0)
    return lsp.Range(start=start, end=start)
