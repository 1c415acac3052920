"""The list of runs and proposals, for an editor that shows one: of this session, of earlier ones, of other windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from secant.journal import RunSummary
from secant.judging import Judges
from secant_server import sentences
from secant_server.offers import Offer, Offers
from secant_server.proposals import Proposal
from secant_server.runs import Run, Runs
from secant_server.scores import Measured
from secant_server.shelf import Shelf
from secant_server.views import RunView, option_view, proposal_view


class State:
    """Everything that there is, as it is sent."""

    def __init__(self, offers: Offers, runs: Runs) -> None:
        self._offers = offers
        self._runs = runs

    async def all(self) -> Mapping[str, Any]:
        """`{"runs": …, "proposals": …}`, the newest first."""
        for shelf in self._offers.projects:
            await shelf.refresh()
        runs = sorted(self._run_views(), key=lambda view: view.started, reverse=True)
        offers = [Offer(proposal, shelf) for shelf in self._offers.projects for proposal in shelf.proposals]
        offers.sort(key=lambda offer: offer.proposal.created, reverse=True)
        return {
            "runs": [view.wire() for view in runs],
            "proposals": [self._proposal_view(offer) for offer in offers],
        }

    def options(self, identity: str) -> list[Mapping[str, Any]]:
        """The texts that a proposal offers, and the inputs that tell them apart. Raises Refused."""
        proposal = self._offers.find(identity).proposal
        judges = proposal.judges
        return [option_view(index, option, judges).wire() for index, option in enumerate(proposal.options)]

    def view(self, run: Run) -> RunView:
        """A run of this session."""
        shelf = self._offers.projects.at(run.assignment.root)
        proposal = shelf.find(run.journal) if run.journal is not None and run.state != "running" else None
        words = sentences.result(proposal) if proposal else _words(_measured(run.journal, shelf))
        return run.view(words if run.state != "running" else "", proposal.id if proposal else None)

    def _proposal_view(self, offer: Offer) -> Mapping[str, Any]:
        proposal = offer.proposal
        uri = self._offers.sources.uri(proposal.path)
        view = proposal_view(proposal, self._offers.standing(offer), uri)
        if self._offers.unparsed(proposal):
            view = view.model_copy(update={"summary": sentences.joined(view.summary, sentences.UNPARSED)})
        return view.wire()

    def _run_views(self) -> Iterator[RunView]:
        own = list(self._runs)
        yield from map(self.view, own)
        journals = {run.journal for run in own}
        for shelf in self._offers.projects:
            yield from (self._summarized(s, shelf) for s in shelf.runs if s.id not in journals)

    def _summarized(self, summary: RunSummary, shelf: Shelf) -> RunView:
        """A run of another session: what its journal's first and last lines say."""
        proposal = shelf.find(summary.id)
        path, name = _named(summary, proposal, shelf.root)
        measured = _measured(summary.id, shelf)
        judged: Judges = "cases" if measured is not None else "tests"
        return RunView(
            id=summary.id,
            uri=self._offers.sources.uri(path),
            name=name,
            judges=proposal.judges if proposal else judged,
            goal=proposal.goal if proposal else "",
            state="stopped" if summary.outcome == "stopped" else summary.state,
            evaluations=proposal.evaluations if proposal else 0,
            seconds=proposal.seconds if proposal else 0.0,
            outcome=summary.outcome,
            summary=sentences.result(proposal) if proposal else _words(measured),
            started=summary.started,
            proposal=proposal.id if proposal else None,
        )


def _measured(run: str | None, shelf: Shelf) -> Measured | None:
    """What a run measured of a prompt."""
    return next((each for each in shelf.measured if each.run == run), None)


def _words(measured: Measured | None) -> str:
    return sentences.scored(measured.share, measured.n) if measured is not None else ""


def _named(summary: RunSummary, proposal: Proposal | None, root: Path) -> tuple[Path, str]:
    """The file and what was run on in it: as they were found, or as they were asked for."""
    if proposal is not None:
        return proposal.path, proposal.label
    path, separator, name = summary.target.partition("::")
    if separator:
        return root / path, name
    path, separator, line = summary.target.rpartition(":")
    if separator and line.isdecimal():
        return root / path, f"line {line}"
    return root / summary.target, PurePath(summary.target).name  # a solution, under a heading that is not told here
