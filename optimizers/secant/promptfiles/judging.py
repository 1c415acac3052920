"""The metric of a run on a prompt, with the processes and the model it needs, and the rows that it can judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from secant.cancellation import Cancellation, Interrupted, Stopped
from secant.config import PromptRequest
from secant.errors import BadRequest
from secant.events import FoundTest
from secant.functions.buffers import Buffers
from secant.functions.interpreter import find_python
from secant.functions.launching import Launcher
from secant.optimizer import LanguageModel
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.inspection import inspect
from secant.promptfiles.metrics.calibration import calibrate
from secant.promptfiles.metrics.choosing import Surroundings, metric_for
from secant.promptfiles.metrics.contract import Metric
from secant.promptfiles.program import Program
from secant.promptfiles.subject import PromptSubject

_COMPARED = 'Give the cases what it compares with, as in {"input": "2 + 2", "expected": "4"}, or name another --metric.'
_JUDGED = 'Say what makes an answer right: --metric "judge:It names the cause.", or give the cases an expected answer.'
_TOLD = ("unclosed", "duplicate")
"""Problems of a prompt that a run does not meet by itself."""


class Bench:
    """The metric of one run, as a context: its processes end with it."""

    def __init__(
        self,
        request: PromptRequest,
        subject: PromptSubject,
        scratch: Path,
        model: LanguageModel | None,
        *,
        environment: Mapping[str, str],
        cancellation: Cancellation,
    ) -> None:
        data = subject.data.model_copy(update={"rows": (*subject.data.rows, *subject.held_out)})
        around = Surroundings(
            folder=request.folder,
            launcher=_launcher(request, subject, scratch, environment),
            model=model.within("judge") if model is not None else None,
            buffers=Buffers(request.buffers),
            seconds=request.case_seconds,
            check_cancelled=_checked(cancellation),
        )
        self._metric = metric_for(request.metric, data=data, surroundings=around)

    def __enter__(self) -> Metric:
        return self._metric

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._metric.close()


class JudgedRows(NamedTuple):
    """The rows of a run, and those that cannot be part of it."""

    rows: tuple[Row, ...]
    held_out: tuple[Row, ...]
    left_out: tuple[FoundTest, ...]
    notices: tuple[str, ...]


def judged_rows(subject: PromptSubject, program: Program, metric: Metric) -> JudgedRows:
    """Raises BadRequest where none can be judged, saying why of the first, where the prompt is a broken template, and
    where one leaves a placeholder empty.
    """
    left_out: list[FoundTest] = []

    def kept(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        objections = [(row, metric.objection(row)) for row in rows]
        left_out.extend(FoundTest(id=r.id, why=why, place=f"{r.path}:{r.line}") for r, why in objections if why)
        return tuple(row for row, why in objections if not why)

    rows, held_out = kept(subject.data.rows), kept(subject.held_out)
    if not rows:
        why = left_out[0] if left_out else None
        raise BadRequest(
            f"no case can be judged by the metric {metric.name}" + (f": {why.why}" if why else ""),
            hint=_JUDGED if metric.asks_model else _COMPARED,
            where=why.place if why else ", ".join(subject.data.paths),
        )
    problems = inspect(subject.document, subject.data)
    for fault in (each for each in problems if each.kind == "template"):
        sentence = f"{fault.sentence[:1].lower()}{fault.sentence[1:].rstrip('.')}"
        raise BadRequest(sentence, hint="Repair the template.", where=f"{fault.path}:{fault.line}")
    seed = program.artifact()
    for row in (*rows, *held_out):
        program.messages(seed, row)
    said = list(subject.document.notices) + list(subject.data.notices)
    said += [f"{each.path}:{each.line}: {each.sentence}" for each in problems if each.kind in _TOLD]
    unsent = program.unsent(rows)
    if unsent:
        names = ", ".join(unsent)
        said.append(
            f"The prompt has no placeholders, so of a case its input is sent and {names} is not. Name it to use it."
        )
    if left_out:
        first = left_out[0]
        many = f"{len(left_out)} cases are" if len(left_out) > 1 else "One case is"
        said.append(f"{many} left out, which {metric.name} cannot judge. The first, {first.place}: {first.why}.")
    return JudgedRows(rows, held_out, tuple(left_out), tuple(said))


def trust(metric: Metric, rows: Sequence[Row]) -> tuple[str, ...]:
    """How far a model that judges can be trusted, in a sentence: by the labels of a person, if there are any."""
    if not metric.asks_model:
        return ()
    calibration = calibrate(metric, rows)
    if calibration is None:
        return ("A model judges, and no recorded answer has a verdict by a person: how far it is right is not known.",)
    told = calibration.sentence
    return (f"{told[:1].upper()}{told[1:]}.",)


def _launcher(
    request: PromptRequest, subject: PromptSubject, scratch: Path, environment: Mapping[str, str]
) -> Callable[[], Launcher]:
    """Made when a metric runs code of the user's."""

    def launcher() -> Launcher:
        return Launcher(
            find_python(subject.project, python=request.python, environment=environment).path,
            scratch / "scratch",
            base_environment=environment,
            passed=subject.project.settings.pass_environment,
        )

    return launcher


def _checked(cancellation: Cancellation) -> Callable[[], None]:
    def check() -> None:
        """Asked while a metric's own code is waited for."""
        if cancellation.urgent:
            raise Stopped("the run was ended at once; what was paid for is kept and need not be paid again")
        if cancellation.cancelled:
            raise Interrupted(cancellation.reason)

    return check
