"""The system call filter, run by a small interpreter of BPF: what it decides on both machines, without a kernel."""

from __future__ import annotations

import errno
import socket
import struct
from typing import Any

import pytest

from secant.functions.worker import kernel, seccomp

ALLOW, KILL = "allow", "kill"
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
WORKER, GROUP = 4242, -4240
BOTH = pytest.mark.parametrize("machine", ["x86_64", "aarch64"])


def decide(program: bytes, architecture: int, number: int, arguments: tuple[int, ...]) -> str | int:
    """Run the filter on one call: "allow", "kill" or the errno that the caller gets."""
    words = [argument & 0xFFFFFFFFFFFFFFFF for argument in (*arguments, *[0] * 6)][:6]
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, architecture, 0, *words)
    loaded, at = 0, 0
    while True:
        code, then, otherwise, value = struct.unpack_from("=HBBI", program, at * 8)
        at += 1
        if code == 0x20:
            loaded = struct.unpack_from("<I", data, value)[0]
        elif code == 0x06:
            return ALLOW if value == 0x7FFF0000 else KILL if value == 0x80000000 else value & 0xFFFF
        else:
            met = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}[code]
            at += then if met else otherwise


def call(machine: str, name: str, *arguments: int, **settings: Any) -> str | int:
    settings = {"shielded": (WORKER, GROUP, -1), "families": (socket.AF_INET,)} | settings
    program = seccomp.assemble(architecture=machine, **settings).program
    number = kernel.number(name, machine)
    assert number is not None
    return decide(program, AUDIT[machine], number, arguments)


@BOTH
def test_every_denied_call_is_refused(machine: str) -> None:
    present = [name for name in seccomp.DENIED if kernel.number(name, machine) is not None]
    assert {name: call(machine, name) for name in present} == dict.fromkeys(present, errno.EPERM)
    assert len(present) > 45


@BOTH
def test_programs_may_be_run_unless_that_was_refused(machine: str) -> None:
    assert call(machine, "execve") == ALLOW
    assert call(machine, "execve", allow_exec=False) == errno.EPERM
    assert call(machine, "execveat", allow_exec=False) == errno.EPERM


@BOTH
@pytest.mark.parametrize("name", ["kill", "tkill", "tgkill", "prlimit64", "sched_setaffinity", "pidfd_open"])
def test_calls_aimed_at_the_worker_are_refused_and_others_are_not(machine: str, name: str) -> None:
    assert call(machine, name, WORKER) == errno.EPERM
    assert call(machine, name, GROUP) == errno.EPERM
    assert call(machine, name, -1) == errno.EPERM
    assert call(machine, name, 5151) == ALLOW
    assert call(machine, name, 0) == ALLOW


@BOTH
def test_the_high_half_of_a_process_id_hides_nothing(machine: str) -> None:
    assert call(machine, "kill", WORKER + (7 << 32)) == errno.EPERM


@BOTH
def test_priorities_are_aimed_by_their_second_argument(machine: str) -> None:
    assert call(machine, "setpriority", 0, WORKER) == errno.EPERM
    assert call(machine, "setpriority", WORKER, 0) == ALLOW


@BOTH
def test_only_the_named_socket_families_are_given(machine: str) -> None:
    assert call(machine, "socket", socket.AF_INET) == ALLOW
    assert call(machine, "socket", socket.AF_UNIX) == errno.EPERM
    assert call(machine, "socket", socket.AF_INET, families=()) == errno.EPERM
    assert call(machine, "socket", socket.AF_UNIX, families=None) == ALLOW


@BOTH
def test_a_fork_is_allowed_and_a_new_namespace_is_not(machine: str) -> None:
    sigchld = 17
    assert call(machine, "clone", sigchld) == ALLOW
    for flag in (kernel.CLONE_NEWUSER, kernel.CLONE_NEWNET, kernel.CLONE_NEWNS, kernel.CLONE_NEWIPC):
        assert call(machine, "clone", flag | sigchld) == errno.EPERM
    assert call(machine, "clone3") == errno.ENOSYS


@BOTH
def test_a_foreign_architecture_is_killed(machine: str) -> None:
    program = seccomp.assemble(architecture=machine).program
    assert decide(program, 0x40000003, 1, ()) == KILL


def test_the_second_numbering_of_x86_64_is_not_known() -> None:
    assert decide(seccomp.assemble(architecture="x86_64").program, AUDIT["x86_64"], 0x40000000 | 62, ()) == errno.ENOSYS


@BOTH
def test_no_number_is_given_twice(machine: str) -> None:
    numbers = [
        kernel.number(name, machine) for name in (*seccomp.DENIED, "clone", "clone3", "socket", "execve", "kill")
    ]
    present = [number for number in numbers if number is not None]
    assert len(present) == len(set(present))
