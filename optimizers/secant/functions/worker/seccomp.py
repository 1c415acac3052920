"""System calls a candidate may not make: a seccomp-BPF filter, assembled once by the worker, installed in each child.

A deny list, because a candidate is ordinary Python whose needs nobody can list: what reaches out of the process tree is
refused with EPERM (tracing, mounting, namespaces, keys, clocks, io_uring, which would bypass this filter), signals and
limits aimed at the *shielded* processes too, and sockets of any family that was not allowed. Files are Landlock's.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Collection
from typing import NamedTuple

from . import kernel

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x40000000
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL_PROCESS = 0x80000000

_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_NR, _ARCH, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data; an argument's low word comes first on both machines

DENIED = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "pidfd_send_signal", "kcmp"),
    *("mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick"),
    *("mount_setattr", "open_by_handle_at", "unshare", "setns", "swapon", "swapoff", "quotactl", "acct"),
    *("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("add_key", "request_key", "keyctl", "kexec_load", "kexec_file_load", "reboot", "syslog"),
    *("init_module", "finit_module", "delete_module", "iopl", "ioperm", "sethostname", "setdomainname"),
    *("settimeofday", "clock_settime", "clock_adjtime", "adjtimex"),
    "memfd_create",  # memory that no address-space limit sees
)
# Calls that name another process, with the position of its id among the arguments.
_AIMED = {
    **dict.fromkeys(("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "prlimit64"), 0),
    **dict.fromkeys(("sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"), 0),
    **dict.fromkeys(("setpriority", "ioprio_set"), 1),
}


class Filter(NamedTuple):
    """An assembled program; `install` in a child costs one call."""

    program: bytes

    def install(self) -> None:
        """Filter this thread and all it creates, for ever. Needs no_new_privs. Raises OSError where it is missing."""
        code = kernel.buffer(self.program)
        header = struct.pack("HxxxxxxQ", len(self.program) // 8, kernel.address(code))
        kernel.prctl(kernel.PR_SET_SECCOMP, 2, header)


def assemble(
    *,
    shielded: Collection[int] = (),
    families: Collection[int] | None = None,
    allow_exec: bool = True,
    architecture: str | None = None,
) -> Filter:
    """The filter for children of one worker.

    `shielded`: process ids (negative: group ids) that may not be signalled, limited or rescheduled.
    `families`: the socket families allowed, None for all of them.
    """
    machine = architecture or kernel.machine()
    denied = DENIED if allow_exec else (*DENIED, "execve", "execveat")
    parts = [_prologue(machine)]
    parts += [_deny(machine, name, errno.EPERM) for name in denied]
    # glibc then falls back to clone, whose flags can be seen: those of clone3 lie in memory.
    parts += [_deny(machine, "clone3", errno.ENOSYS)]
    parts += [_argument(machine, "clone", 0, _case(_ANY_BIT, kernel.CLONE_NEW_ANY, _ERRNO | errno.EPERM), _ALLOW)]
    refused = b"".join(_case(_EQUAL, pid & 0xFFFFFFFF, _ERRNO | errno.EPERM) for pid in sorted(shielded))
    parts += [_argument(machine, name, position, refused, _ALLOW) for name, position in _AIMED.items()]
    if families is not None:
        allowed = b"".join(_case(_EQUAL, family, _ALLOW) for family in sorted(families))
        parts += [_argument(machine, "socket", 0, allowed, _ERRNO | errno.EPERM)]
    parts += [_instruction(_RETURN, _ALLOW)]
    return Filter(b"".join(parts))


def _instruction(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _case(test: int, value: int, verdict: int) -> bytes:
    """If the loaded word passes `test` against `value`, that is the verdict."""
    return _instruction(test, value, 0, 1) + _instruction(_RETURN, verdict)


def _prologue(machine: str) -> bytes:
    """A foreign ABI would have other call numbers: killed (32-bit) or refused (x32). Leaves the call number loaded."""
    code = _instruction(_LOAD, _ARCH)
    code += _instruction(_EQUAL, _AUDIT_ARCH[machine], 1, 0) + _instruction(_RETURN, _KILL_PROCESS)
    code += _instruction(_LOAD, _NR)
    return code + _case(_AT_LEAST, _X32_BIT, _ERRNO | errno.ENOSYS) if machine == "x86_64" else code


def _deny(machine: str, name: str, code: int) -> bytes:
    number = kernel.number(name, machine)
    return b"" if number is None else _case(_EQUAL, number, _ERRNO | code)


def _argument(machine: str, name: str, position: int, cases: bytes, otherwise: int) -> bytes:
    """For the call `name`: decide by its argument's low 32 bits, which is all that the kernel reads of an int."""
    body = _instruction(_LOAD, _ARGUMENTS + 8 * position) + cases + _instruction(_RETURN, otherwise)
    return _instruction(_EQUAL, kernel.number(name, machine) or 0, 0, len(body) // 8) + body
