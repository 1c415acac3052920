"""The engine: one request in, typed events out, and an exit code. A person's face (`cli`) and a machine's are renderers.

Knows how runs begin, are journaled and go on. Does not know who listens.
"""

from __future__ import annotations

import platform
import traceback
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from secant.cancellation import Cancellation
from secant.config import OptimizeRequest
from secant.errors import BadRequest, FileChanged, SecantError
from secant.events import Event, Failed, Finished, Notice, RunStarted, TargetFound
from secant.functions.locate import LocatedFunction, locate
from secant.functions.optimization import FunctionOptimization, Stopped
from secant.functions.preparation import Subject, find_subject
from secant.functions.target import Target
from secant.functions.textfile import read_text_file
from secant.functions.writeback import apply
from secant.history import History
from secant.journal import Journal, Listener, Recorder, RunStore, new_run_id
from secant.registry import Registry

EXIT_CODES: Mapping[str, int] = {"improved": 0, "unchanged": 3, "stopped": 3, "failed": 1}


def optimize(
    request: OptimizeRequest,
    listeners: Sequence[Listener],
    cancellation: Cancellation,
    environment: Mapping[str, str],
) -> int:
    """Run a request to its end; the exit code. Every outcome, an impossible request too, is told as the last event."""
    recorder = Recorder(new_run_id(), None, listeners)
    try:
        _require_supported()
        Registry().create(request.optimizer)
        subject = find_subject(request, environment)
        journal, trouble = _new_journal(subject, recorder.run)
    except SecantError as error:
        return _failed(recorder, error)
    except Exception as error:  # noqa: BLE001  # because a fault of ours must not look like one of the user's code
        return _failed(recorder, _internal(error, RunStore(request.folder), recorder.run))
    recorder = Recorder(recorder.run, journal, listeners)
    recorder.record(_started(request, resumed=False))
    if trouble is not None:
        recorder.record(trouble)
    return _run(request, subject, recorder, cancellation, History(), environment)


def resume(
    store: RunStore,
    run: str,
    listeners: Sequence[Listener],
    cancellation: Cancellation,
    environment: Mapping[str, str],
) -> int:
    """Go on with a run that was killed or stopped; the exit code. Nothing that was evaluated is evaluated again."""
    recorder = Recorder(run, None, listeners)
    try:
        history = History(store.read(run))
        recorder = Recorder(run, None, listeners, seq=history.seq)
        _require_resumable(history, run)
        request = OptimizeRequest.model_validate(dict(history.request))
        subject = find_subject(request, environment)
        _require_same_text(store, run, subject)
        journal = store.open(run)
    except SecantError as error:
        return _failed(recorder, error)
    except OSError as error:
        where = str(store.path(run))
        return _failed(recorder, BadRequest(f"the journal cannot be opened ({error.strerror or error})", where=where))
    except Exception as error:  # noqa: BLE001  # because a fault of ours must not look like one of the user's code
        return _failed(recorder, _internal(error, store, run))
    recorder = Recorder(run, journal, listeners, seq=history.seq)
    recorder.record(_started(request, resumed=True))
    return _run(request, subject, recorder, cancellation, history, environment)


def apply_run(store: RunStore, run: str, alternative: int = 0) -> tuple[Path, str]:
    """Write a finished run's winner (0) or its n-th alternative into its file; the path and what was applied.

    Raises FileChanged where the file is not the one that was measured, BadRequest where there is nothing to apply.
    """
    found, finished = _ending(store, run)
    if finished is None or finished.outcome != "improved":
        raise BadRequest(f"run {run} found nothing to apply", hint="See what it found: secant show " + run)
    options = [(finished.source, finished.rationale), *((a.source, a.rationale) for a in finished.alternatives)]
    if not 0 <= alternative < len(options):
        raise BadRequest(f"run {run} has {len(options) - 1} alternatives, there is no number {alternative}")
    source, rationale = options[alternative]
    apply(_as_measured(found), source, found.digest)
    return Path(found.path), rationale


def _run(
    request: OptimizeRequest,
    subject: Subject,
    recorder: Recorder,
    cancellation: Cancellation,
    history: History,
    environment: Mapping[str, str],
) -> int:
    try:
        optimizer = Registry().create(request.optimizer)
        finished = FunctionOptimization(request, subject, optimizer, recorder, cancellation, history, environment).run()
        if request.apply and finished.outcome == "improved":
            finished = _applied(subject, finished, recorder)
        recorder.record(finished)
        return EXIT_CODES[finished.outcome]
    except Stopped as error:
        recorder.record(_stopped(request, error))
        return EXIT_CODES["stopped"]
    except SecantError as error:
        return _failed(recorder, error)
    except Exception as error:  # noqa: BLE001  # because a fault of ours must not look like one of the user's code
        return _failed(recorder, _internal(error, RunStore(subject.root), recorder.run))
    finally:
        recorder.close()


def _internal(error: Exception, store: RunStore, run: str) -> SecantError:
    """Our own fault, said as such, with the traceback in a file beside the journal instead of on the screen."""
    text = "".join(traceback.format_exception(error))
    place = store.folder / f"{run}.traceback.txt"
    try:
        place.write_text(text, encoding="utf-8")
        where = f"The details are in {place}; please report them."
    except OSError:
        where = f"Please report this:\n{text}"
    return SecantError(
        f"Secant itself failed ({type(error).__name__}: {error}); your files are as they were",
        hint=f"{where}\nWhat was found up to now is kept: secant show {run}",
    )


def _applied(subject: Subject, finished: Finished, recorder: Recorder) -> Finished:
    """Write the winner; where the file changed meanwhile the result is kept and the reason said."""
    try:
        apply(subject.located, finished.source, subject.located.file.digest)
    except SecantError as error:
        hint = f"Nothing was written. The result is kept: secant show {recorder.run}"
        recorder.record(Notice(level="warning", message=str(error), hint=hint))
        return finished
    return finished.model_copy(update={"applied": True})


def _started(request: OptimizeRequest, *, resumed: bool) -> RunStarted:
    return RunStarted(
        secant=version("secant"),
        kind="function",
        target=request.target,
        optimizer=request.optimizer,
        seed=request.seed,
        request=request.model_dump(mode="json"),
        resumed=resumed,
    )


def _stopped(request: OptimizeRequest, error: Stopped) -> Finished:
    return Finished.model_validate(
        {"outcome": "stopped", "goal": request.goal, "tests": {"passed": 0, "total": 0}, "reason": error.message}
    )


def _failed(recorder: Recorder, error: SecantError) -> int:
    recorder.record(Failed(message=error.message, where=error.where or "", hint=error.hint, exit_code=error.exit_code))
    return error.exit_code


def _new_journal(subject: Subject, run: str) -> tuple[Journal | None, Event | None]:
    """The run's journal; where the workspace cannot be written the run goes on without, and that is said."""
    try:
        return RunStore(subject.root).create(run), None
    except OSError as error:
        return None, Notice(
            level="warning",
            message=f"The run is not journaled ({error.strerror or error}): it can be neither shown again nor resumed.",
            hint=f"Make {subject.root} writable.",
        )


def _require_supported() -> None:
    if platform.system() != "Linux":
        raise BadRequest(
            f"Secant runs candidates on Linux only, so far; this is {platform.system()}",
            hint="Use a Linux machine, WSL or a container.",
        )


def _require_resumable(history: History, run: str) -> None:
    if history.started is None:
        raise BadRequest(f"the journal of run {run} has no readable beginning", hint="Start it again.")
    stopped = isinstance(history.finished, Finished) and history.finished.outcome == "stopped"
    if history.finished is not None and not stopped:
        raise BadRequest(f"run {run} is finished", hint=f"See what it found: secant show {run}")


def _require_same_text(store: RunStore, run: str, subject: Subject) -> None:
    for event in store.read(run):
        if isinstance(event, TargetFound) and event.digest != subject.located.file.digest:
            raise FileChanged(
                f"{event.path} is not what run {run} measured any more",
                hint="Start a new run: secant optimize " + f"{event.path}::{event.name}",
            )


def _ending(store: RunStore, run: str) -> tuple[TargetFound, Finished | None]:
    found: TargetFound | None = None
    finished: Finished | None = None
    for event in store.read(run):
        if isinstance(event, TargetFound):
            found = event
        elif isinstance(event, Finished):
            finished = event
    if found is None:
        raise BadRequest(f"run {run} never found its function", hint="Start it again.")
    return found, finished


def _as_measured(found: TargetFound) -> LocatedFunction:
    path = Path(found.path)
    file = read_text_file(path)
    if file.digest != found.digest:
        raise FileChanged(
            "the file is not what was measured any more", hint="Nothing was written. Run again.", where=str(path)
        )
    return locate(file, Target(path=path, line=found.first_line))
