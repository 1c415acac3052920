"""The workers of one run: started when first needed, asked through typed methods, replaced when one dies.

A warm worker collects the tests; a second one of the same kind is the bench (it records calls, times and compares); a
fresh worker imports the project anew for every candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from secant.cancellation import Interrupted
from secant.errors import SecantError
from secant.functions.isolation import IsolationLevel
from secant.functions.launching import Launcher
from secant.functions.process import Answer, WorkerDied, WorkerProcess
from secant.functions.unit import Unit
from secant.types import Frozen

_COLLECT_SECONDS = 120.0
_SCREEN_SECONDS = 20.0
_SLEEP_SECONDS = 3.0
"""A candidate that waits uses no CPU time; so long it may."""
_SLACK_SECONDS = 30.0
_RECORDED_TEST_SECONDS = 10.0


class CollectedTest(Frozen):
    """A test that pytest collected."""

    id: str
    file: str
    plain: bool
    """A bare function: the screen calls it without pytest around it, a hundred times cheaper."""


class Collected(Frozen):
    """What collecting found."""

    tests: tuple[CollectedTest, ...]
    errors: tuple[dict[str, str], ...]
    loaded: tuple[str, ...]
    """Names under which the target's module was imported; empty where the tests do not import it."""
    functions: int
    """Live function objects that a swap would reach."""
    import_hits: int
    """Calls of the function during import and collection."""
    threads: int = 0
    """Threads that import and collection started; a fork does not have them."""
    python: tuple[int, int, int]
    import_path: tuple[str, ...]


class CollectionFailed(SecantError):  # noqa: N818
    """pytest could not start or collect; the hint carries what it printed."""

    exit_code = 2


class Workers:
    """Everything that runs in the user's interpreter for one target. `close` ends it all."""

    def __init__(
        self,
        launcher: Launcher,
        root: Path,
        unit: Unit,
        arguments: Sequence[str],
        check_cancelled: Callable[[], None],
        import_path: Sequence[str] = (),
    ) -> None:
        self._import_path = tuple(import_path)
        self._launcher = launcher
        self._root = root
        self._unit = unit
        self._arguments = tuple(arguments)
        self._check_cancelled = check_cancelled
        self._warm: WorkerProcess | None = None
        self._bench: WorkerProcess | None = None
        self._fresh: WorkerProcess | None = None
        self.peak_bytes = 0
        self.isolation = ""
        """What candidates are shut in by, in words; known after `collect`, as is `level`."""
        self.level = IsolationLevel.RLIMITS

    def collect(self) -> Collected:
        """Start the warm worker and collect. Raises CollectionFailed."""
        self._warm, answer = self._collecting("warm")
        confinement = answer.get("confinement", {})
        self.isolation = _described(confinement, self._launcher.level)
        self.level = _level(confinement, self._launcher.level)
        return Collected(
            tests=tuple(CollectedTest(**t) for t in answer["tests"]),
            errors=tuple(answer["errors"]),
            loaded=tuple(answer["loaded"]),
            functions=answer["functions"],
            import_hits=answer["import_hits"],
            threads=answer["threads"],
            python=tuple(answer["python"]),
            import_path=tuple(answer["path"]),
        )

    def use(self, arguments: Sequence[str]) -> None:
        """Collect these from now on (the files of the judging tests)."""
        self._arguments = tuple(arguments)

    def baseline(
        self,
        mode: Literal["imported", "swapped"],
        tests: Sequence[str],
        *,
        fuel: int | None,
        test_seconds: float,
        seconds: float,
        reseed: bool = False,
    ) -> Answer:
        """The original on `tests`; see the worker's `do_baseline`."""
        fields = {"mode": mode, "tests": list(tests), "fuel": fuel, "test_seconds": test_seconds, "reseed": reseed}
        return self._ask(self._warm_worker(), "baseline", seconds + 30, seconds=seconds, **fields)

    def screen(
        self,
        texts: Sequence[str],
        tests: Sequence[Mapping[str, Any]],
        *,
        always: int,
        stall: float,
        sleep: float = _SLEEP_SECONDS,
        seconds: float = _SCREEN_SECONDS,
    ) -> Answer:
        """Verdicts for many unit texts in one child; see the worker's `Screen`. Behind `seconds` all are unknown."""
        fields = {"tests": list(tests), "always": always, "stall": stall, "sleep": sleep, "seconds": seconds}
        return self._ask(self._warm_worker(), "screen", seconds + _SLACK_SECONDS, texts=list(texts), **fields)

    def run(
        self,
        path: Literal["swap", "fresh"],
        texts: Sequence[str],
        tests: Sequence[str],
        *,
        stop: bool,
        test_seconds: float,
        seconds: float,
        landed: Sequence[Mapping[str, Any] | None] = (),
    ) -> Iterator[Answer]:
        """One record for each unit text, each in a fork of its own. `landed`: of texts that add to the module."""
        worker = self._warm_worker() if path == "swap" else self._fresh_worker()
        known = list(landed) or [None] * len(texts)
        fields = {
            "texts": list(texts), "landed": known, "tests": list(tests), "stop": stop, "test_seconds": test_seconds
        }  # fmt: skip
        try:
            yield from worker.stream("run", seconds + 30, seconds=seconds, **fields)
        except (WorkerDied, Interrupted):
            self._forget(worker)
            raise

    def examples(self, texts: Sequence[str], examples: Sequence[Mapping[str, str]], *, seconds: float) -> list[int]:
        """How many of the examples each unit text satisfies."""
        fields = {"texts": list(texts), "examples": list(examples), "seconds": seconds}
        return self._ask(self._warm_worker(), "examples", seconds * len(texts) + 30, **fields)["satisfied"]

    def record(self, tests: Sequence[str], seconds: float, *, searching: bool = True) -> Answer:
        """Start the bench and let it record the calls that `tests` make.

        Not `searching` any more: the warm worker becomes the bench, which saves the start of another.
        """
        if self._bench is None and not searching:
            self._bench, self._warm = self._warm_worker(), None
        elif self._bench is None:
            self._bench, _ = self._collecting("bench")
        return self._bench.ask("record", seconds, tests=list(tests), test_seconds=_RECORDED_TEST_SECONDS)

    def measure(self, text: str | None, *, seconds: float, seed: int, scale: int = 1) -> Answer:
        """One process's timing sample of the original against `text` (None: against itself)."""
        return self._bench_worker().ask("measure", seconds * 6 + 60, text=text, seconds=seconds, seed=seed, scale=scale)

    def compare(
        self, first: str | None, second: str, *, inputs: Sequence[Any], seconds: float, **options: Any
    ) -> Answer:
        """Behaviour of two unit texts (None: the original) on recorded calls and `inputs`."""
        worker = self._bench_worker()
        fields = {"first": first, "second": second, "inputs": list(inputs), "seconds": seconds}
        return worker.ask("compare", seconds + 30, **fields, **options)

    def count_lines(self) -> Answer:
        """How often each line of the original runs on recorded calls; see the worker's `count_lines`."""
        return self._bench_worker().ask("count_lines", 90.0)

    @property
    def pids(self) -> tuple[int, ...]:
        """Of the workers that run now."""
        return tuple(worker.pid for worker in (self._warm, self._bench, self._fresh) if worker is not None)

    def output_tail(self) -> str:
        return self._warm.output_tail() if self._warm is not None else ""

    def close(self) -> None:
        for worker in (self._warm, self._bench, self._fresh):
            if worker is not None:
                self.peak_bytes = max(self.peak_bytes, worker.memory_bytes())
                worker.close()
        self._warm = self._bench = self._fresh = None

    def _warm_worker(self) -> WorkerProcess:
        if self._warm is None:
            self._warm, _ = self._collecting("warm")
        return self._warm

    def _bench_worker(self) -> WorkerProcess:
        if self._bench is None:
            raise RuntimeError("the bench serves only after `record`")
        return self._bench

    def _fresh_worker(self) -> WorkerProcess:
        if self._fresh is None:
            self._fresh = self._started("fresh", "fresh")
            self._ask(self._fresh, "start", _COLLECT_SECONDS, **self._setup())
        return self._fresh

    def _ask(self, worker: WorkerProcess, op: str, patience: float, **fields: Any) -> Answer:
        """A worker's answer. One that dies over it, or is not waited for, is replaced when it is needed again.

        Raises WorkerDied, and Interrupted.
        """
        try:
            return worker.ask(op, patience, **fields)
        except (WorkerDied, Interrupted):
            self._forget(worker)
            raise

    def _collecting(self, name: str) -> tuple[WorkerProcess, Answer]:
        worker = self._started("warm", name)
        try:
            answer = worker.ask("collect", _COLLECT_SECONDS, **self._setup())
            if "error" in answer:
                raise _not_collected(answer, worker.output_tail())
        except BaseException:  # a stop as well: nobody else knows of this worker yet
            worker.close()
            raise
        return worker, answer

    def _started(self, mode: Literal["warm", "fresh"], name: str) -> WorkerProcess:
        log = self._launcher.scratch / f"{name}.log"
        return WorkerProcess(
            self._launcher.launch(self._root, import_path=self._import_path), mode, log, self._check_cancelled
        )

    def _setup(self) -> dict[str, Any]:
        return {
            "module_text": self._unit.module_text,
            "target": self._unit.as_request(),
            "args": [f"--rootdir={self._root}", *self._arguments],
            **self._launcher.sandbox(),
        }

    def _forget(self, worker: WorkerProcess) -> None:
        worker.close()
        if worker is self._warm:
            self._warm = None
        elif worker is self._fresh:
            self._fresh = None


def _not_collected(answer: Answer, tail: str) -> CollectionFailed:
    hint = f"It printed:\n{tail}" if tail else "It printed nothing."
    if answer["message"].startswith("SystemExit"):
        hint = 'Put what must not run at import under `if __name__ == "__main__":`.'
    return CollectionFailed(f"pytest could not collect the tests ({answer['message']}).", hint=hint)


def _level(confinement: Mapping[str, Any], launched: IsolationLevel) -> IsolationLevel:
    """The level that a child reached."""
    if launched is IsolationLevel.BUBBLEWRAP:
        return launched
    if not confinement or not confinement["landlock"] or not confinement["seccomp"]:
        return IsolationLevel.RLIMITS
    return IsolationLevel.NAMESPACES if confinement["network"] == "private" else IsolationLevel.LANDLOCK


def _described(confinement: Mapping[str, Any], level: str) -> str:
    """`landlock 7, system call filter, private network`, and what is missing."""
    if not confinement:
        return "unknown: the first child could not report"
    words = [level] if level == "bubblewrap" else []
    words += [f"Landlock {confinement['landlock']}"] if confinement["landlock"] else []
    words += ["system call filter"] if confinement["seccomp"] else []
    words.append(f"network {confinement['network']}")
    missing = [name for name in confinement["missing"] if not name.startswith("session")]
    return ", ".join(words) + (f"; missing: {'; '.join(missing)}" if missing else "")
