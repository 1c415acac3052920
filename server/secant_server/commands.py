"""The commands of the server: what any editor can call, by name, with one object.

Each answers at once: a run goes on by itself. What cannot be done raises SecantError, which is told by whoever calls.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from secant.config import Goal
from secant_server.arguments import OptionNamed, Place, ProposalNamed, RunNamed, Somewhere, read
from secant_server.notices import Refused
from secant_server.runs import Run
from secant_server.session import Session

Arguments = Sequence[Any]
Command = Callable[[Session, Arguments], Awaitable[object]]


async def _optimize(session: Session, arguments: Arguments) -> object:
    place = read(Place, "secant.optimize", arguments)
    return await _started(session, place.uri, place.position.line, place.goal)


async def _rerun(session: Session, arguments: Arguments) -> object:
    uri, line = session.launch.place(read(ProposalNamed, "secant.rerun", arguments).proposal)
    return await _started(session, uri, line, None)


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


async def _started(session: Session, uri: str, line: int, goal: Goal | None) -> object:
    settings = await session.configuration.of(session.scope(uri))
    return _told(await session.launch.optimize(uri, line, goal or settings.goal, settings))


def _told(run: Run) -> Mapping[str, Any]:
    return {"run": run.id, "uri": run.assignment.uri, "name": run.assignment.name}


def _run(session: Session, identity: str) -> Run:
    run = session.runs.find(identity)
    if run is None:
        raise Refused(f"Run {identity} is not under way in this editor.", hint="Stop it where it was started.")
    return run


COMMANDS: Mapping[str, Command] = {
    "secant.optimize": _optimize,
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
