"""A run in the foreground: signals, and the last event that there always is. In this process, to the point."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest
from small_project import events

from secant import engine
from secant.cancellation import Cancellation
from secant.cli.session import conduct
from secant.config import OptimizeRequest
from secant.events import Event, Finished, Improved, Progress
from secant.journal import Listener


def test_ctrl_c_keeps_the_best_so_far(project: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    request = OptimizeRequest(target="bounds.py::clamp", folder=project, goal="fix")

    def press(event: Event) -> None:
        if isinstance(event, Improved):
            os.kill(os.getpid(), signal.SIGINT)

    code = conduct(
        lambda listeners, cancellation: engine.optimize(request, [*listeners, press], cancellation, os.environ),
        json=True,
    )
    output, errors = capfdbinary.readouterr()
    last = events(output.decode())[-1]
    assert isinstance(last, Finished)
    assert (code, last.outcome, last.reason) == (0, "improved", "stopped by the user; this is the best so far")
    assert "return high" in last.diff
    assert b"press again to end now" in errors


@pytest.mark.parametrize(
    ("presses", "state"), [(0, (False, False, "")), (1, (True, False, "terminated")), (2, (True, True, "terminated"))]
)
def test_the_first_signal_asks_and_the_second_insists(presses: int, state: tuple[bool, bool, str]) -> None:
    def run(listeners: Sequence[Listener], cancellation: Cancellation) -> int:
        for _ in range(presses):
            os.kill(os.getpid(), signal.SIGTERM)
        assert (cancellation.cancelled, cancellation.urgent, cancellation.reason) == state
        return 7

    before = signal.getsignal(signal.SIGTERM)
    assert conduct(run, json=True) == 7
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_third_signal_does_not_wait(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    def run(listeners: Sequence[Listener], cancellation: Cancellation) -> int:
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGINT)
        return 0

    assert conduct(run, json=True) == 1
    assert [e.type for e in events(capfdbinary.readouterr().out.decode())] == ["failed"]


def test_an_error_of_our_own_is_a_last_event_that_names_its_place(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    def run(listeners: Sequence[Listener], cancellation: Cancellation) -> int:
        for listener in listeners:
            listener(Progress(phase="tests", seq=4, run="r"))
        raise RuntimeError("no such thing")

    assert conduct(run, json=True) == 1
    last = events(capfdbinary.readouterr().out.decode())[-1]
    assert last.type == "failed"
    assert (last.seq, last.run) == (5, "r")
    assert "RuntimeError: no such thing" in last.message
    assert "test_cli_session.py:" in last.where


def test_in_a_terminal_it_is_said_without_a_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    def run(listeners: Sequence[Listener], cancellation: Cancellation) -> int:
        raise OSError(28, "No space left on device", "notes.txt")

    assert conduct(run, json=False) == 1
    output, errors = capfd.readouterr()
    assert (output, errors) == ("", "Error: No space left on device\n  at notes.txt\n")
