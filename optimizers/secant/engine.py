"""The engine: one request in, typed events out, an exit code. A person's face (`cli`) and a machine's only render.

Knows how runs begin, are journaled and go on. Does not know who listens.
"""

from __future__ import annotations

import platform
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from secant import framing
from secant.cancellation import Cancellation
from secant.config import REQUESTS, RunRequest, portable
from secant.errors import BadRequest, SecantError
from secant.events import Event, Failed, Finished, Notice, RunStarted, TargetFound
from secant.history import History
from secant.journal import Journal, Listener, Recorder, RunStore, new_run_id
from secant.kinds import Subject, Surroundings, kind_named, kind_of
from secant.modelling import ModelSession
from secant.optimizer import Optimizer
from secant.registry import Registry

if TYPE_CHECKING:
    from secant.models.editor import Lender  # a run without a model loads nothing of it

EXIT_CODES: Mapping[str, int] = {"improved": 0, "scored": 0, "unchanged": 3, "stopped": 3, "failed": 1}


class _Session(NamedTuple):
    """One process's share of a run, ready to begin."""

    request: RunRequest
    subject: Subject
    history: History
    """What earlier sessions journaled; empty for a new run."""
    cancellation: Cancellation
    environment: Mapping[str, str]
    lender: Lender | None = None


def optimize(
    request: RunRequest,
    listeners: Sequence[Listener],
    cancellation: Cancellation,
    environment: Mapping[str, str],
    lender: Lender | None = None,
) -> int:
    """Run a request to its end; the exit code. Every outcome, an impossible request too, is told as the last event.

    `lender` is the way to the models of whoever asks, where that is an editor that lends some.
    """
    run = new_run_id()
    try:
        _require_supported()
        _require_saved(request)
        _optimizer(request)
        subject = kind_of(request).subject(request, environment)
        journal, trouble = _new_journal(subject, run)
    except Exception as error:  # noqa: BLE001  # because a fault of ours must not look like one of the user's code
        return _failed(Recorder(run, None, listeners), _told(error, RunStore(request.folder), run))
    session = _Session(request, subject, History(), cancellation, environment, lender)
    return _conducted(session, Recorder(run, journal, listeners), trouble, resumed=False)


def resume(
    store: RunStore,
    run: str,
    listeners: Sequence[Listener],
    cancellation: Cancellation,
    environment: Mapping[str, str],
    lender: Lender | None = None,
) -> int:
    """Go on with a run that was killed, stopped or failed; the exit code. Nothing is evaluated twice.

    Every outcome is told as the last event, here too.
    """
    seq = 0
    try:
        _require_supported()
        history = History(_journaled(store, run))
        seq = history.seq
        request = _resumable(history, run)
        subject = kind_of(request).subject(request, environment)
        _require_same_text(store, run, request, subject)
        journal, trouble = _old_journal(store, run)
    except Exception as error:  # noqa: BLE001  # because a fault of ours must not look like one of the user's code
        return _failed(Recorder(run, None, listeners, seq=seq), _told(error, store, run))
    session = _Session(request, subject, history, cancellation, environment, lender)
    return _conducted(session, Recorder(run, journal, listeners, seq=seq), trouble, resumed=True)


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
    kind = next((e.kind for e in _journaled(store, run) if isinstance(e, RunStarted)), "function")
    return kind_named(kind).apply(found, source), rationale


def _conducted(session: _Session, recorder: Recorder, trouble: Notice | None, *, resumed: bool) -> int:
    """The run from its first event to its last."""
    try:
        recorder.record(framing.started(session.request, resumed=resumed))
        if trouble is not None:
            recorder.record(trouble)
        last = framing.finished(_search(session, recorder), recorder, apply=session.request.apply)
        recorder.record(last)
        return EXIT_CODES[last.outcome]
    except Exception as error:  # noqa: BLE001  # because a fault of ours must not look like one of the user's code
        return _failed(recorder, _told(error, RunStore(session.subject.root), recorder.run))
    finally:
        recorder.close()


def _search(session: _Session, recorder: Recorder) -> framing.Search:
    """The search of the run's kind."""
    request = session.request
    around = Surroundings(
        _model_session(session, recorder).open, recorder, session.cancellation, session.history, session.environment
    )
    return kind_of(request).search(request, session.subject, _optimizer(request), around)


def _optimizer(request: RunRequest) -> Optimizer | None:
    """None for a run that searches nothing. Raises BadRequest."""
    return Registry().create(request.chosen_optimizer, request.kind) if request.chosen_optimizer else None


def _model_session(session: _Session, recorder: Recorder) -> ModelSession:
    return ModelSession(
        kind_of(session.request).models(session.request, session.subject),
        RunStore(session.subject.root).folder.parent,
        request=portable(session.request),
        seed=session.request.seed,
        recorder=recorder,
        history=session.history,
        cancellation=session.cancellation,
        environment=session.environment,
        lender=session.lender,
    )


def _told(error: Exception, store: RunStore, run: str) -> SecantError:
    """What a person is told: the error itself, or that the fault is ours, with the traceback in a file."""
    if isinstance(error, SecantError):
        return error
    kept = f"\nWhat was found up to now is kept: secant show {run}" if store.path(run).exists() else ""
    return SecantError(
        f"Secant itself failed ({type(error).__name__}: {error}); your files are as they were",
        hint=f"The details are in {_traceback_file(error, store, run)}; please report them.{kept}",
    )


def _traceback_file(error: Exception, store: RunStore, run: str) -> Path:
    """Beside the journal, or in the system's temporary folder where there is no writing."""
    text = "".join(traceback.format_exception(error))
    try:
        place = store.folder / f"{run}.traceback.txt"
        place.write_text(text, encoding="utf-8")
    except OSError:
        place = Path(tempfile.mkdtemp(prefix="secant-")) / f"{run}.traceback.txt"
        place.write_text(text, encoding="utf-8")
    return place


def _failed(recorder: Recorder, error: SecantError) -> int:
    recorder.record(Failed(message=error.message, where=error.where or "", hint=error.hint, exit_code=error.exit_code))
    return error.exit_code


def _new_journal(subject: Subject, run: str) -> tuple[Journal | None, Notice | None]:
    """The run's journal; where the workspace cannot be written the run goes on without, and that is said."""
    try:
        return RunStore(subject.root).create(run), None
    except OSError as error:
        return None, Notice(
            level="warning",
            message=f"The run is not journaled ({error.strerror or error}): it can be neither shown again nor resumed.",
            hint=f"Make {subject.root} writable.",
        )


def _old_journal(store: RunStore, run: str) -> tuple[Journal | None, Notice | None]:
    """The same for a run that goes on."""
    try:
        return store.open(run), None
    except OSError as error:
        return None, Notice(
            level="warning",
            message=f"The journal cannot be written ({error.strerror or error}): what follows is not kept.",
            hint=f"Make {store.path(run)} writable.",
        )


def _require_supported() -> None:
    if platform.system() != "Linux":
        raise BadRequest(
            f"Secant runs candidates on Linux only, so far; this is {platform.system()}",
            hint="Use a Linux machine, WSL or a container.",
        )


def _require_saved(request: RunRequest) -> None:
    if request.apply and request.buffers:
        raise BadRequest(
            "a result that was measured on unsaved text cannot be written into the file on disk",
            hint="Leave `apply` out: whoever holds the unsaved text puts the result into it.",
        )


def _journaled(store: RunStore, run: str) -> Iterator[Event]:
    """What earlier sessions wrote down. Raises SecantError."""
    try:
        yield from store.read(run)
    except OSError as error:
        raise BadRequest(
            f"the journal cannot be read ({error.strerror or error})",
            hint="List the runs of this project: secant runs",
            where=str(store.path(run)),
        ) from error


def _resumable(history: History, run: str) -> RunRequest:
    """The request of a run that has not come to its end. Raises BadRequest."""
    if history.started is None:
        raise BadRequest(f"the journal of run {run} has no readable beginning", hint="Start the run again.")
    last = history.finished
    if isinstance(last, Finished) and not (last.stopped or last.outcome == "stopped"):
        raise BadRequest(f"run {run} is finished", hint=f"See what it found: secant show {run}")
    try:
        return _request_type(history.started.kind).model_validate(dict(history.request))
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, each["loc"])) for each in error.errors())
        raise BadRequest(
            f"run {run} was asked for by another version of Secant, whose request this one cannot read ({fields})",
            hint=f"Start it again: secant {_request_type(history.started.kind).command} {history.started.target}",
        ) from error


def _request_type(kind: str) -> type[RunRequest]:
    kind_named(kind)  # says what is the matter with an unknown one
    return REQUESTS[kind]


def _require_same_text(store: RunStore, run: str, request: RunRequest, subject: Subject) -> None:
    for event in _journaled(store, run):
        if isinstance(event, TargetFound):
            kind_of(request).require_same(subject, event, run)


def _ending(store: RunStore, run: str) -> tuple[TargetFound, Finished | None]:
    found: TargetFound | None = None
    finished: Finished | None = None
    for event in _journaled(store, run):
        if isinstance(event, TargetFound):
            found = event
        elif isinstance(event, Finished):
            finished = event
    if found is None:
        raise BadRequest(f"run {run} never found its target", hint="Start it again.")
    return found, finished
