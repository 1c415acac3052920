"""What follows when a run is over: its proposal is kept, and the user hears of it once."""

from __future__ import annotations

from secant.errors import SecantError
from secant.events import Failed, Finished
from secant_server import sentences
from secant_server.decisions import Decisions
from secant_server.editor import Editor
from secant_server.notices import told
from secant_server.offers import Offer, Offers
from secant_server.outcomes import from_events
from secant_server.reviews import Reviews
from secant_server.runs import Run, Trouble
from secant_server.scores import measured
from secant_server.settings import Settings


class Endings:
    """Tells the ends of runs."""

    def __init__(self, editor: Editor, offers: Offers, decisions: Decisions, reviews: Reviews) -> None:
        self._editor = editor
        self._offers = offers
        self._decisions = decisions
        self._reviews = reviews
        self._hinted: set[str] = set()

    async def keep(self, run: Run) -> Offer | None:
        """The proposal that the run left, offered from now on; None where it left none or is to leave none."""
        shelf = self._offers.projects.at(run.assignment.root)
        proposal = from_events(run.events)
        scores = measured(run.events)
        if scores and not run.discarded:
            shelf.score(scores[0].run, scores)
        if proposal is not None and run.discarded:
            await shelf.decide(proposal.id, "rejected")
            return None
        if proposal is not None:
            shelf.add(proposal)
        await shelf.refresh()
        return Offer(proposal, shelf) if proposal is not None else None

    async def tell(self, run: Run, offer: Offer | None, trouble: Trouble | None, settings: Settings) -> None:
        """One message at most: what is wrong, a question what to do with the result, or that there is none."""
        name, notices = run.assignment.label, self._editor.notices
        kept = " Its best so far is offered, unconfirmed." if offer is not None else ""
        match run.end:
            case Failed() if not run.stopped:
                failed = SecantError(run.end.message, hint=sentences.hint(run.end.hint), where=run.end.where or None)
                notices.fail(f"{name} was not {run.assignment.done}. {told(failed)}{kept}")
            case _ if trouble is not None:
                notices.fail(f"{trouble.message}{kept}", trouble.detail)
            case _ if offer is not None:
                await self._ask(offer, settings, _why_early(run))
            case Finished(outcome="scored") as end:
                self._say(sentences.told_score(name, end), settings)
            case Finished() if not run.stopped and run.end.outcome != "stopped":
                advice = self._once(sentences.hint(run.end.hint))
                self._say(" ".join(filter(None, [sentences.nothing_better(name, run.end.reason), advice])), settings)
            case _:
                notices.log(f"{name}: stopped, with nothing better so far.")

    def _once(self, advice: str) -> str:
        """Advice that was not given yet in this session, as a sentence of its own."""
        if not advice or advice in self._hinted:
            return ""
        self._hinted.add(advice)
        return f"({advice})"

    async def _ask(self, offer: Offer, settings: Settings, why: str) -> None:
        proposal = offer.proposal
        found = sentences.offer(proposal.label, sentences.result(proposal)) + why
        if self._offers.standing(offer).span is None:
            self._say(f"{found}. But {proposal.label} is gone from {proposal.path}: see the run's report.", settings)
            return
        if settings.notify == "quiet":
            self._editor.notices.log(found)
            return
        answer = await self._editor.ask(found, (sentences.REVIEW, sentences.APPLY, sentences.DISMISS))
        match answer:
            case sentences.REVIEW:
                await self._reviews.review(offer)
            case sentences.APPLY:
                await self._decisions.accept(proposal.id, 0)
            case sentences.DISMISS:
                await self._decisions.reject(proposal.id)
            case _:
                pass

    def _say(self, message: str, settings: Settings) -> None:
        if settings.notify == "quiet":
            self._editor.notices.log(message)
        else:
            self._editor.notices.inform(message)


def _why_early(run: Run) -> str:
    """Why a run that found something went no further (a quota, a key), behind what it found."""
    if not isinstance(run.end, Finished) or run.end.stopped or run.stopped or not run.end.reason:
        return ""
    return f" ({sentences.flowing(run.end.reason)})"


def last_words(run: Run, offer: Offer | None, trouble: Trouble | None) -> str:
    """How its progress ends."""
    match run.end:
        case Finished():
            return sentences.ended(run.end, sentences.result(offer.proposal) if offer is not None else "")
        case Failed():
            return sentences.one_line(run.end.message, 120)
        case None:
            return "the engine ended unexpectedly" if trouble is not None else "stopped"
