"""The independent verification: a plain pytest in a fresh, confined process, on a copy of the project.

Whatever a faster path decided, a winner is shown only after this. The run also proves that it judged the copy: a
project that imports its package from elsewhere (an installed one) is found out.
"""

from __future__ import annotations

import json
import secrets
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path
from typing import Any

from secant.functions.launching import COLD_SEED
from secant.functions.mirror import Mirror
from secant.functions.process import OneShot
from secant.types import Frozen

Start = Callable[[Path, Path, Mapping[str, Any], Sequence[str], str], OneShot]
"""Starts a cold run in a folder, with its scratch folder, request, import path and hash seed; see `launching`."""
_POLL_SECONDS = 0.02
_START_SECONDS = 60.0


class ColdResult(Frozen):
    """What a cold run said. `results` by test id: `{"outcome", "seconds", "message", ...}`."""

    results: Mapping[str, Mapping[str, Any]]
    collected: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    """Why the run as a whole cannot be believed, or could not collect."""
    loaded: tuple[str, ...] = ()
    """Files imported under the target's file name."""
    output: str = ""
    seconds: float = 0.0

    def passed(self, test: str) -> bool:
        return self.results.get(test, {}).get("outcome") in {"passed", "xfailed", "xpassed"}


class ColdRunner:
    """Runs pytest on copies of one project."""

    def __init__(
        self,
        root: Path,
        target: Path,
        arguments: Sequence[str],
        import_path: Sequence[str],
        start: Start,
        check_cancelled: Callable[[], None],
    ) -> None:
        self._root = root
        self._target = target
        self._arguments = arguments
        self._import_path = import_path
        self._start = start
        self._check_cancelled = check_cancelled

    def run(
        self, data: bytes | None, tests: Sequence[str] | None, test_seconds: float, *, hash_seed: str = COLD_SEED
    ) -> ColdResult:
        """Run `tests` (all that are collected, for None) with `data` as the target file's content (None: as it is).

        A test that makes no progress for `test_seconds` ends the run: it counts as timed out, the rest as not run.
        """
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="secant-cold-") as folder:
            scratch = Path(folder).resolve()
            mirror = Mirror(self._root, scratch)
            if data is not None:
                mirror.write(self._target, data)
            report = _Report(scratch / "report", secrets.token_bytes(16))
            request = {
                "report": str(report.path),
                "key": report.key.hex(),
                "target": str(mirror.path(self._target)),
                "tests": list(tests) if tests is not None else None,
                "cache": str(scratch / "cache"),
                "args": [f"--rootdir={mirror.root}", *(self._mirrored(mirror, a) for a in self._arguments)],
            }
            process = self._start(mirror.root, scratch, request, mirror.import_path(self._import_path), hash_seed)
            try:
                self._follow(process, report, test_seconds)
            finally:
                process.close()
            return self._result(report, process, mirror, time.monotonic() - started)

    def _mirrored(self, mirror: Mirror, argument: str) -> str:
        path, separator, rest = argument.partition("::")
        absolute = Path(path)
        return str(mirror.path(absolute)) + separator + rest if absolute.is_absolute() else argument

    def _follow(self, process: OneShot, report: _Report, test_seconds: float) -> None:
        silent_since, limit = time.monotonic(), _START_SECONDS
        while not process.wait(_POLL_SECONDS):
            self._check_cancelled()
            if report.read():
                silent_since, limit = time.monotonic(), test_seconds if report.running else _START_SECONDS
            elif time.monotonic() - silent_since > limit:
                report.time_out(test_seconds)
                return
        report.read()

    def _result(self, report: _Report, process: OneShot, mirror: Mirror, seconds: float) -> ColdResult:
        errors = list(report.errors)
        loaded = tuple(report.loaded)
        if not report.finished and not report.timed_out:
            running = f" while {report.running} ran" if report.running else ""
            errors.append(f"pytest ended early{running} ({process.ending()})")
        other = _loaded_instead(mirror.path(self._target).resolve(), loaded)
        if report.finished and other is not None:
            errors.append(f"the tests imported {other} instead of the copy under test")
        return ColdResult(
            results=report.results,
            collected=tuple(report.collected),
            errors=tuple(errors),
            loaded=loaded,
            output=process.output_tail(),
            seconds=seconds,
        )


def _loaded_instead(expected: Path, loaded: Sequence[str]) -> Path | None:
    """Another file that was imported where `expected` should have been: the same module of the same package."""
    files = [Path(file).resolve() for file in loaded]
    if expected in files:
        return None
    in_package = (expected.parent / "__init__.py").exists()
    tail = (expected.parent.name, expected.name) if in_package else (expected.name,)
    return next((file for file in files if file.parts[-len(tail) :] == tail), None)


class _Report:
    """Reads the signed lines of `worker/cold.py` as they come."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self.key = key
        self.results: dict[str, dict[str, Any]] = {}
        self.collected: list[str] = []
        self.errors: list[str] = []
        self.loaded: list[str] = []
        self.running = ""
        self.finished = False
        self.timed_out = False
        self._offset = 0
        self._number = 0

    def read(self) -> bool:
        """Take in what is new; whether there was anything."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return False
        complete = data[: data.rfind(b"\n") + 1]
        self._offset += len(complete)
        for line in complete.splitlines():
            self._take(line)
        return bool(complete)

    def time_out(self, seconds: float) -> None:
        self.timed_out = True
        if self.running:
            message = f"no end after {seconds:.0f} s"
            self.results[self.running] = {"id": self.running, "outcome": "timeout", "message": message}
        else:
            self.errors.append("pytest made no progress while starting or collecting")

    def _take(self, line: bytes) -> None:
        digest, _, payload = line.partition(b" ")
        signature = blake2b(payload, key=self.key, digest_size=16).hexdigest().encode()
        if not compare_digest(digest, signature):
            self.errors.append("something else than pytest wrote into the report")
            return
        record = json.loads(payload)
        self._number += 1
        if record["number"] != self._number:
            self.errors.append("the report has lines twice or not at all")
        if "result" in record:
            self.results[record["result"]["id"]] = record["result"]
            self.running = ""
        elif "start" in record:
            self.running = record["start"]
        elif "collected" in record:
            self.collected = record["collected"]
        elif "collection_error" in record:
            self.errors.append(f"{record['collection_error']}: {record['message']}")
        elif "finished" in record:
            self.finished = True
            self.loaded = record["loaded"]
