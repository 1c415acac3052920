"""Every misbehaving candidate of the zoo, really run: the right verdict, and no trace outside its scratch folder.

The zoo runs in a worker that enters namespaces of its own. What reaches out runs twice more: without namespaces, where
Landlock and the system call filter must hold alone, and inside bubblewrap (or, where that is missing, what `wrap`
falls back to). A candidate that NEEDS a facility which this machine lacks has its OTHERWISE verdict asserted, or, where
running it would do harm, that the confinement names what is missing.
"""

from __future__ import annotations

import ast
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from secant.functions import isolation
from secant.functions.isolation import IsolationLevel, IsolationReport

CANDIDATES = Path(__file__).parents[2] / "zoo" / "candidates"
HOST = Path(__file__).with_name("isolation_host.py")
WORKER = Path(isolation.__file__).parent / "worker"
HARMLESS = "def victim(n):\n    return 2 * n\n"
GRACE_SECONDS = 10  # beyond a candidate's own limit; passed only where isolation is broken
NAMESPACES = ("network namespace", "file namespace")


class Candidate(NamedTuple):
    """One file of the zoo, read without running it."""

    name: str
    source: str
    expect: str
    needs: str
    otherwise: str


def read(path: Path) -> Candidate:
    source = path.read_text(encoding="utf-8")
    constants = {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    }
    return Candidate(path.stem, source, constants["EXPECT"], constants.get("NEEDS", ""), constants.get("OTHERWISE", ""))


ZOO = [read(path) for path in sorted(CANDIDATES.glob("*.py"))]
REACHING_OUT = [candidate for candidate in ZOO if candidate.needs]


class Grounds:
    """A project, a home with a key, services that listen, a scratch folder: what a candidate may find around it."""

    def __init__(self, root: Path) -> None:
        self.project, self.scratch, self.home = root / "project", root / "scratch", root / "home"
        (self.project / "tests").mkdir(parents=True)
        (self.project / "module.py").write_text("def victim(n):\n    return n\n")
        (self.project / "tests" / "test_module.py").write_text("def test_victim():\n    assert False\n")
        (self.home / ".ssh").mkdir(parents=True)
        (self.home / ".ssh" / "id_ed25519").write_text("private")
        (self.project / "home-path").write_text(str(self.home))
        self.scratch.mkdir()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.setblocking(False)
        (self.project / "server-port").write_text(str(self.server.getsockname()[1]))
        self.service = socket.socket(socket.AF_UNIX)
        self.service.setblocking(False)
        self.service.bind(str(self.project / "service.sock"))
        self.service.listen()

    def files(self) -> dict[str, tuple[int, int, bytes]]:
        found = [path for folder in (self.project, self.home) for path in sorted(folder.rglob("*"))]
        return {
            str(path): (path.stat().st_mode, path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
            for path in found
        }

    def visitors(self) -> int:
        count = 0
        for listener in (self.server, self.service):
            try:
                listener.accept()[0].close()
                count += 1
            except BlockingIOError:
                pass
        return count

    def close(self) -> None:
        self.server.close()
        self.service.close()


class Host:
    """The worker of the tests; one that a candidate killed is reported dead, and started anew for the next."""

    def __init__(self, grounds: Grounds, *, namespaces: bool, level: IsolationLevel) -> None:
        self.grounds = grounds
        settings = {
            "worker": str(WORKER),
            "scratch": str(grounds.scratch),
            "home": str(grounds.home),
            "namespaces": namespaces,
        }
        self._command = isolation.wrap(
            [sys.executable, str(HOST), json.dumps(settings)],
            scratch=grounds.scratch,
            project=grounds.project,
            level=level,
        )
        self._environment = isolation.environment({**os.environ, "SECRET_TOKEN": "s3cr3t"}, scratch=grounds.scratch)
        self._process: subprocess.Popen[str] | None = None
        self._asked = 0

    def ask(self, source: str, *, wall_seconds: float) -> dict[str, Any]:
        process = self._running()
        self._asked += 1
        limits = {"wall_seconds": wall_seconds, "memory_bytes": 192 << 20, "file_bytes": 4 << 20, "processes": 40}
        request = {"id": self._asked, "source": source, "limits": limits}
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], wall_seconds + GRACE_SECONDS)[0]:
            process.kill()
        line = process.stdout.readline()
        assert line, "the candidate killed or stopped its worker"
        answer = json.loads(line)
        assert answer["id"] == self._asked, f"a forged answer: {answer}"
        return answer

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=self._environment,
                cwd=self.grounds.project,
                start_new_session=True,
            )
            assert self._process.stdout and "reached" in self._process.stdout.readline(), "the host did not start"
        return self._process

    def close(self) -> None:
        if self._process is not None:
            assert self._process.stdin and self._process.stdout
            self._process.stdin.close()
            self._process.wait(timeout=30)
            self._process.stdout.close()


@pytest.fixture(scope="module")
def report() -> IsolationReport:
    return isolation.detect()


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    made = Grounds(tmp_path_factory.mktemp("isolation"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def namespaced(grounds: Grounds) -> Iterator[Host]:
    host = Host(grounds, namespaces=True, level=IsolationLevel.NAMESPACES)
    yield host
    host.close()


@pytest.fixture(scope="module")
def bare(grounds: Grounds) -> Iterator[Host]:
    host = Host(grounds, namespaces=False, level=IsolationLevel.LANDLOCK)
    yield host
    host.close()


@pytest.fixture(scope="module")
def enclosed(grounds: Grounds, report: IsolationReport) -> Iterator[Host]:
    wrapped = report.works("bubblewrap")
    level = IsolationLevel.BUBBLEWRAP if wrapped else IsolationLevel.NAMESPACES
    host = Host(grounds, namespaces=not wrapped, level=level)
    yield host
    host.close()


def contained(host: Host, candidate: Candidate, facilities: set[str]) -> None:
    """Run the candidate and check everything that containment means."""
    met = not candidate.needs or candidate.needs in facilities
    if not met and not candidate.otherwise:
        answer = host.ask(HARMLESS, wall_seconds=20)
        assert any(missing.startswith(candidate.needs) for missing in answer["missing"])
        return
    expected = candidate.expect if met else candidate.otherwise
    before = host.grounds.files()
    answer = host.ask(candidate.source, wall_seconds=0.3 if expected == "timeout" else 20)
    assert answer["verdict"] in expected.split("|"), answer
    assert answer["survivors"] == []
    assert answer["intact"]
    assert host.grounds.visitors() == 0
    if met:
        assert host.grounds.files() == before


def working(report: IsolationReport) -> set[str]:
    return {facility.name for facility in report.facilities if facility.works}


@pytest.mark.parametrize("candidate", ZOO, ids=lambda candidate: candidate.name)
def test_the_zoo_is_contained(namespaced: Host, report: IsolationReport, candidate: Candidate) -> None:
    contained(namespaced, candidate, working(report))


@pytest.mark.parametrize("candidate", REACHING_OUT, ids=lambda candidate: candidate.name)
def test_what_reaches_out_is_contained_without_namespaces(
    bare: Host, report: IsolationReport, candidate: Candidate
) -> None:
    contained(bare, candidate, working(report) - {*NAMESPACES})


@pytest.mark.parametrize("candidate", REACHING_OUT, ids=lambda candidate: candidate.name)
def test_what_reaches_out_is_contained_inside_bubblewrap(
    enclosed: Host, report: IsolationReport, candidate: Candidate
) -> None:
    inside = {*NAMESPACES} if report.works("bubblewrap") else set()
    contained(enclosed, candidate, working(report) | inside)


def test_too_many_processes_are_named_as_the_reason(namespaced: Host) -> None:
    bomb = (CANDIDATES / "fork_bomb.py").read_text()
    assert namespaced.ask(bomb, wall_seconds=20)["reason"] == "processes"


def test_memory_of_the_whole_tree_is_named_as_the_reason(namespaced: Host) -> None:
    hoarders = (CANDIDATES / "memory_of_many.py").read_text()
    assert namespaced.ask(hoarders, wall_seconds=20)["reason"] == "memory"


def test_a_good_candidate_follows_a_bad_one(namespaced: Host) -> None:
    namespaced.ask((CANDIDATES / "patch_fork.py").read_text(), wall_seconds=20)
    assert namespaced.ask(HARMLESS, wall_seconds=20)["verdict"] == "ok"
