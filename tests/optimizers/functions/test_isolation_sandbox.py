"""The parts of a sandbox, each in a child of its own: what stays readable, what is hidden, what is given up."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from secant.functions.worker import isolation, kernel, landlock, limits, namespaces, privileges, processes


def answer(work: Callable[[], str]) -> str:
    """What `work` says in a child; its exception's name where it raises."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            said = work()
        except BaseException as error:  # noqa: BLE001  # because a child must never return into its parent's stack
            said = type(error).__name__
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(pid, 0)
    return said


def confined(sandbox: isolation.Sandbox, work: Callable[[], str]) -> str:
    def child() -> str:
        sandbox.confine()
        return work()

    with sandbox:
        return answer(child)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def refused() -> str:
    """What an access that Landlock refuses looks like here: it goes through where the kernel has none."""
    return "PermissionError" if landlock.abi() else "text"


def note(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("text")
    return path


def test_everything_is_covered_but_the_hidden_places(tmp_path: Path) -> None:
    for name in ("a/key", "a/open", "b/file", "c"):
        note(tmp_path / name)
    (tmp_path / "link").symlink_to(tmp_path / "a" / "key")
    covered = landlock.around(frozenset({str(tmp_path / "a" / "key"), "/nowhere"}), str(tmp_path))
    assert sorted(covered) == [str(tmp_path / name) for name in ("a/open", "b", "c")]


def test_what_is_hidden_stays_so_with_another_hidden_place_in_it(tmp_path: Path) -> None:
    for name in ("a/key", "a/open", "b"):
        note(tmp_path / name)
    hidden = frozenset({str(tmp_path / "a"), str(tmp_path / "a" / "key")})
    assert list(landlock.around(hidden, str(tmp_path))) == [str(tmp_path / "b")]


def test_nothing_hidden_needs_one_rule(tmp_path: Path) -> None:
    assert list(landlock.around(frozenset(), str(tmp_path))) == [str(tmp_path)]


def test_hidden_places_cannot_be_read(tmp_path: Path, scratch: Path, refused: str) -> None:
    key, neighbour = note(tmp_path / "secret" / "key"), note(tmp_path / "open" / "file")
    sandbox = isolation.Sandbox(str(scratch), hidden=[str(tmp_path / "secret")])
    assert confined(sandbox, key.read_text) == refused
    sandbox = isolation.Sandbox(str(scratch), hidden=[str(tmp_path / "secret")])
    assert confined(sandbox, neighbour.read_text) == "text"


def test_a_hidden_place_stays_hidden_behind_a_link(tmp_path: Path, scratch: Path, refused: str) -> None:
    note(tmp_path / "real" / "key")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    sandbox = isolation.Sandbox(str(scratch), hidden=[str(tmp_path / "link")])
    assert confined(sandbox, (tmp_path / "link" / "key").read_text) == refused


def test_a_project_below_a_hidden_place_stays_readable(tmp_path: Path, scratch: Path) -> None:
    module = note(tmp_path / "secret" / "project" / "module.py")
    sandbox = isolation.Sandbox(str(scratch), hidden=[str(tmp_path / "secret")], readable=[str(module.parent)])
    assert confined(sandbox, module.read_text) == "text"


def test_a_child_may_be_given_a_scratch_folder_of_its_own(scratch: Path, refused: str) -> None:
    own = scratch / "own"
    own.mkdir()

    def child(sandbox: isolation.Sandbox, path: Path) -> str:
        sandbox.confine(str(own))
        path.write_text("text")
        return "text"

    with isolation.Sandbox(str(scratch), hidden=[]) as sandbox:
        assert answer(lambda: child(sandbox, own / "file")) == "text"
        assert answer(lambda: child(sandbox, scratch / "file")) == refused


def test_further_folders_may_be_writable(tmp_path: Path, scratch: Path) -> None:
    sandbox = isolation.Sandbox(str(scratch), writable=[str(tmp_path)], hidden=[])
    assert confined(sandbox, lambda: str((tmp_path / "file").write_text("text"))) == "4"


def test_the_null_device_stays_writable(scratch: Path) -> None:
    assert confined(isolation.Sandbox(str(scratch)), lambda: str(Path(os.devnull).write_text("text"))) == "4"


def test_a_candidate_leads_a_session_of_its_own(scratch: Path) -> None:
    assert confined(isolation.Sandbox(str(scratch)), lambda: str(os.getsid(0) == os.getpid())) == "True"


def test_running_programs_can_be_refused(scratch: Path) -> None:
    def run() -> str:
        os.execv("/bin/true", ["true"])

    expected = "PermissionError" if kernel.supported() else ""
    assert confined(isolation.Sandbox(str(scratch), allow_exec=False), run) == expected
    assert confined(isolation.Sandbox(str(scratch)), run) == ""


def test_local_sockets_are_given_only_on_request(scratch: Path) -> None:
    def work() -> str:
        with socket.socket(socket.AF_UNIX):
            return "open"

    assert confined(isolation.Sandbox(str(scratch), local_sockets=True), work) == "open"
    if kernel.supported():
        assert confined(isolation.Sandbox(str(scratch)), work) == "PermissionError"


def test_a_pair_of_sockets_as_an_event_loop_makes_works(scratch: Path) -> None:
    def work() -> str:
        first, second = socket.socketpair()
        first.send(b"x")
        return second.recv(1).decode()

    assert confined(isolation.Sandbox(str(scratch)), work) == "x"


def test_the_confinement_of_a_machine_without_facilities_names_them(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "supported", lambda: False)
    sandbox = isolation.Sandbox(str(scratch))
    said = answer(lambda: repr(sandbox.confine()))
    for name in ("no new privileges", "reduced capabilities", "landlock", "seccomp"):
        assert f"{name} (" in said
    assert "landlock=0, seccomp=False" in said


def test_limits_are_lowered_and_never_raised() -> None:
    def work() -> str:
        resource.setrlimit(resource.RLIMIT_NOFILE, (50, 60))
        limits.apply(limits.Limits(open_files=1000, file_bytes=5000))
        return f"{resource.getrlimit(resource.RLIMIT_NOFILE)} {resource.getrlimit(resource.RLIMIT_FSIZE)}"

    assert answer(work) == "(60, 60) (5000, 5000)"


def test_memory_is_counted_from_the_present_size() -> None:
    def work() -> str:
        limits.apply(limits.Limits(memory_bytes=64 << 20))
        kept = bytearray(32 << 20)
        return str(len(kept) + len(bytearray(128 << 20)))

    assert answer(work) == "MemoryError"


def test_no_capability_beyond_files_is_kept() -> None:
    def work() -> str:
        privileges.reduce()
        status = Path("/proc/self/status").read_text()
        return str(int(status.split("CapEff:")[1].split()[0], 16) & ~0b1101_1111)

    assert answer(work) == "0"


def test_a_worker_without_landlock_closes_its_memory_to_its_children() -> None:
    def look() -> str:
        privileges.reduce()
        privileges.open_memory()
        assert Path("/proc/self/environ").read_bytes() is not None
        return Path(f"/proc/{os.getppid()}/environ").read_bytes().decode()

    def work() -> str:
        privileges.close_memory()
        return answer(look)

    assert answer(work) == "PermissionError"


def test_entering_namespaces_gives_what_it_says(scratch: Path) -> None:
    outside = note(scratch.parent / "outside")

    def work() -> str:
        reached = namespaces.enter_namespaces([str(scratch)])
        assert reached.network == namespaces.network_is_private() or not reached.network
        assert (outside.stat().st_uid, os.geteuid()) == before
        note(scratch / "inside")
        try:
            outside.chmod(0o700)
        except OSError:
            return str(reached.files)
        return str(not reached.files)

    before = (outside.stat().st_uid, os.geteuid())
    assert answer(work) == "True"


def test_processes_can_still_be_found_from_inside(scratch: Path) -> None:
    def work() -> str:
        namespaces.enter_namespaces([str(scratch)])
        processes.become_subreaper()
        pid = os.fork()
        if pid == 0:
            os._exit(7)
        return str(os.waitstatus_to_exitcode(processes.watch(pid, limits.Limits()).status))

    assert answer(work) == "7"
