"""The kernel calls that Python does not offer, made through ctypes: numbers by architecture, one `syscall`, `prctl`.

Knows nothing of policies: which call is allowed or denied is decided in `seccomp` and `landlock`. Importable
everywhere, usable where `supported()` says so.
"""

from __future__ import annotations

import errno
import functools
import os
import sys
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    import ctypes

    Argument = Union[int, bytes, None, "ctypes.Array[ctypes.c_char]"]
else:
    try:
        import ctypes
    except ImportError:  # an interpreter built without libffi: every facility then reports itself as missing
        ctypes = None

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_GET_CHILD_SUBREAPER = 37
PR_SET_NO_NEW_PRIVS = 38

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
CLONE_NEW_ANY = 0x7E020000

# name: (x86_64, aarch64); None where the architecture has no such call.
_NUMBERS: dict[str, tuple[int, int | None]] = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "capget": (125, 90),
    "capset": (126, 91),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "clone": (56, 220),
    "clone3": (435, 435),
    "delete_module": (176, 106),
    "execve": (59, 221),
    "execveat": (322, 281),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, None),
    "iopl": (172, None),
    "ioprio_set": (251, 30),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "kill": (62, 129),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "memfd_create": (319, 279),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pivot_root": (155, 41),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "setpriority": (141, 140),
    "settimeofday": (164, 170),
    "socket": (41, 198),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "tgkill": (234, 131),
    "tkill": (200, 130),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
_ARCHITECTURES = ("x86_64", "aarch64")


@functools.lru_cache(maxsize=1)
def machine() -> str:
    """This machine's architecture as the kernel names it, "" where there is no `uname`."""
    return os.uname().machine if hasattr(os, "uname") else ""


def supported() -> bool:
    """Can system calls be made here at all? 64-bit Linux on x86_64 or aarch64, with ctypes."""
    return bool(ctypes) and sys.platform == "linux" and sys.maxsize > 2**32 and machine() in _ARCHITECTURES


def number(name: str, architecture: str | None = None) -> int | None:
    """The number of the call `name` on `architecture` (this machine's by default)."""
    return _NUMBERS[name][_ARCHITECTURES.index(architecture or machine())]


def syscall(name: str, *arguments: Argument) -> int:
    """Make the call `name`. Bytes and ctypes arrays are passed by address. Raises OSError as the kernel answers."""
    if not supported():
        raise OSError(errno.ENOSYS, "system calls need 64-bit Linux on x86_64 or aarch64 and ctypes", name)
    passed = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = int(_libc().syscall(ctypes.c_long(number(name) or -1), *passed))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), name)
    return result


def prctl(option: int, value: int = 0, data: Argument = 0) -> None:
    """`prctl(option, value, data)`. Raises OSError as the kernel answers."""
    syscall("prctl", option, value, data, 0, 0)


@functools.lru_cache(maxsize=1)
def _libc() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library


def address(buffer: ctypes.Array[ctypes.c_char]) -> int:
    """Where `buffer` lies in memory; keep the buffer alive as long as the address is used."""
    return ctypes.addressof(buffer)


def buffer(data: bytes) -> ctypes.Array[ctypes.c_char]:
    """A mutable copy of `data` whose address the kernel may be given."""
    return ctypes.create_string_buffer(data, len(data))
