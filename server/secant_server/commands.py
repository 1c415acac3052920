"""The commands of the server: what any editor can call, by name, with one object.

Each answers at once: a run goes on by itself. What cannot be done raises SecantError, which is told by whoever calls.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from secant_server.arguments import OptionNamed, Place, PromptFile, ProposalNamed, RunNamed, Section, Somewhere, read
from secant_server.notices import Refused
from secant_server.runs import Run
from secant_server.session import Session
from secant_server.settings import Settings
from secant_server.targets import Selection

Arguments = Sequence[Any]
Command = Callable[[Session, Arguments], Awaitable[object]]


async def _optimize(session: Session, arguments: Arguments) -> object:
    place = read(Place, "secant.optimize", arguments)
    settings = await _settings(session, place.uri)
    return _told(await session.launch.optimize(place.uri, place.position.line, place.goal or settings.goal, settings))


async def _solve(session: Session, arguments: Arguments) -> object:
    section = read(Section, "secant.solve", arguments)
    settings = await _settings(session, section.uri)
    first, end = section.position.line, section.end.line if section.end is not None else None
    where = Selection(first, first if end is None else max(first, end), empty=end is None)
    return _told(await session.launch.solve(section.uri, section.section or where, settings))


async def _refine(session: Session, arguments: Arguments) -> object:
    asked = read(PromptFile, "secant.refine", arguments)
    settings = await _settings(session, asked.uri)
    return _told(await session.launch.refine(asked.uri, asked.position.line, settings, prompt=asked.prompt))


async def _eval(session: Session, arguments: Arguments) -> object:
    asked = read(PromptFile, "secant.eval", arguments)
    settings = await _settings(session, asked.uri)
    return _told(await session.launch.evaluate(asked.uri, asked.position.line, settings, prompt=asked.prompt))


async def _rerun(session: Session, arguments: Arguments) -> object:
    proposal = session.offers.find(read(ProposalNamed, "secant.rerun", arguments).proposal).proposal
    settings = await _settings(session, session.offers.sources.uri(proposal.path))
    return _told(await session.launch.again(proposal, settings))


async def _resume(session: Session, arguments: Arguments) -> object:
    return _told(await session.launch.resume(read(RunNamed, "secant.resume", arguments).run))


async def _stop(session: Session, arguments: Arguments) -> object:
    return session.runs.stop(_run(session, read(RunNamed, "secant.stop", arguments).run))


async def _discard(session: Session, arguments: Arguments) -> object:
    return session.runs.discard(_run(session, read(RunNamed, "secant.discard", arguments).run))


async def _accept(session: Session, arguments: Arguments) -> object:
    wanted = read(OptionNamed, "secant.accept", arguments)
    return await session.decisions.accept(wanted.proposal, wanted.option)


async def _reject(session: Session, arguments: Arguments) -> object:
    return await session.decisions.reject(read(ProposalNamed, "secant.reject", arguments).proposal)


async def _show_diff(session: Session, arguments: Arguments) -> object:
    wanted = read(OptionNamed, "secant.showDiff", arguments)
    await session.reviews.show_diff(session.offers.find(wanted.proposal), wanted.option)
    return True


async def _show_report(session: Session, arguments: Arguments) -> object:
    await session.reviews.show_report(read(RunNamed, "secant.showReport", arguments).run)
    return True


async def _models(session: Session, arguments: Arguments) -> object:
    return await session.models(read(Somewhere, "secant.models", arguments).uri)


async def _settings(session: Session, uri: str) -> Settings:
    return await session.configuration.of(session.scope(uri))


def _told(run: Run) -> Mapping[str, Any]:
    return {"run": run.id, "uri": run.assignment.uri, "name": run.assignment.label}


def _run(session: Session, identity: str) -> Run:
    run = session.runs.find(identity)
    if run is None:
        raise Refused(f"Run {identity} is not under way in this editor.", hint="Stop it where it was started.")
    return run


COMMANDS: Mapping[str, Command] = {
    "secant.optimize": _optimize,
    "secant.solve": _solve,
    "secant.refine": _refine,
    "secant.eval": _eval,
    "secant.stop": _stop,
    "secant.discard": _discard,
    "secant.accept": _accept,
    "secant.reject": _reject,
    "secant.rerun": _rerun,
    "secant.resume": _resume,
    "secant.showDiff": _show_diff,
    "secant.showReport": _show_report,
    "secant.models": _models,
}
