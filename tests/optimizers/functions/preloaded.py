"""The test's end of `fork_host.py`: Pythons without the time that starting one and importing pytest takes."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from secant.functions.launching import Launcher
from secant.functions.process import LAUNCHER
from secant.functions.worker.isolation import kill_tree

_HOST = Path(__file__).with_name("fork_host.py")
_PLAIN = Path(__file__).with_name("plain_pytest.py")
_SECONDS = 20.0

Verdicts = Mapping[str, str]


class Forked:
    """One process of the host's, with the face of a `OneShot`. Only one at a time."""

    def __init__(self, answers: "Answers", output: Path) -> None:
        self._answers = answers
        self._output = output
        self._pid = int(answers.line())
        self._status: int | None = None

    def wait(self, seconds: float) -> bool:
        """Whether it ended within so many seconds."""
        if self._status is None and self._answers.ready(seconds):
            self._status = int(self._answers.line())
        return self._status is not None

    def ending(self) -> str:
        return "still running" if self._status is None else f"exit status {os.waitstatus_to_exitcode(self._status)}"

    def output_tail(self) -> str:
        return self._output.read_text("utf-8", "replace")[-3000:]

    def close(self) -> None:
        """Kill what is left of it."""
        if self._status is None:
            kill_tree(self._pid)
            self.wait(_SECONDS)


class Answers:
    """Lines of a pipe, waited for without losing any."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._data = b""

    def ready(self, seconds: float) -> bool:
        """Whether a whole line is there within so many seconds."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._data:
            if not select.select([self._descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
                return False
            data = os.read(self._descriptor, 1 << 16)
            assert data, "the host of forked Pythons has ended"
            self._data += data
        return True

    def line(self) -> str:
        assert self.ready(_SECONDS)
        line, _, self._data = self._data.partition(b"\n")
        return line.decode()


class Preloaded:
    """A host, and what tests have it run."""

    def __init__(self, interpreter: Path | None = None) -> None:
        self._process = subprocess.Popen(
            [str(interpreter or sys.executable), str(_HOST)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdin and self._process.stdout
        self._requests = self._process.stdin
        self._answers = Answers(self._process.stdout.fileno())

    def plain(self, folder: Path, environment: Mapping[str, str]) -> Verdicts:
        """Outcomes of every test that a plain pytest finds there."""
        answer = folder.with_suffix(".verdicts")
        process = self._start([_PLAIN, answer], folder, environment, folder.with_suffix(".output"))
        process.wait(_SECONDS)
        process.close()
        return json.loads(answer.read_text())["outcomes"] if answer.exists() else {}

    def cold(self, launcher: Launcher, cwd: Path, scratch: Path, request: Mapping, path: Sequence[str]) -> Forked:
        """What `Launcher.cold` starts; outside of bubblewrap, so the worker's own confinement has to do."""
        launch = launcher.launch(cwd, scratch=scratch, import_path=path)
        order = {"id": 1, "op": "cold", **request, **launcher.sandbox(scratch), "namespaces": True}
        (scratch / "request").write_text(json.dumps(order) + "\n")
        files = [scratch / "request", Path(os.devnull)]
        return self._start([LAUNCHER, "10", "11", "cold"], cwd, launch.environment, scratch / "output.log", files)

    def close(self) -> None:
        self._requests.close()
        self._process.wait(_SECONDS)
        assert self._process.stdout
        self._process.stdout.close()

    def _start(
        self,
        argv: Sequence[object],
        cwd: Path,
        environment: Mapping[str, str],
        output: Path,
        files: Sequence[Path] = (),
    ) -> Forked:
        request = {
            "argv": [str(word) for word in argv],
            "cwd": str(cwd),
            "environment": dict(environment),
            "output": str(output),
            "files": [str(file) for file in files],
        }
        self._requests.write(json.dumps(request).encode() + b"\n")
        self._requests.flush()
        return Forked(self._answers, output)
