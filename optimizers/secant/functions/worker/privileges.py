"""What root, or a process in a user namespace of its own, may do beyond an ordinary user; and who may look into whom.

A candidate keeps those that decide which files it can open, so root's tests read what root reads, and loses the rest:
mounting, clocks, devices, network administration, raising limits.
"""

from __future__ import annotations

import os
import struct

from . import kernel

_VERSION_3 = 0x20080522
_FILE_CAPABILITIES = 0b1101_1111  # CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID, SETGID, SETUID: bits 0-4, 6, 7


def reduce() -> None:
    """Give up all capabilities but those for files; an ordinary user keeps none. Raises OSError.

    With no_new_privs set, no program started later gets them back.
    """
    data = kernel.buffer(bytes(24))
    header = kernel.buffer(struct.pack("<Ii", _VERSION_3, 0))
    kernel.syscall("capget", header, data)
    permitted = struct.unpack("<6I", data.raw)[1]
    kept = permitted & _FILE_CAPABILITIES if os.geteuid() == 0 else 0
    kernel.syscall("capset", header, struct.pack("<6I", kept, kept, 0, 0, 0, 0))


def close_memory() -> None:
    """Close this process's memory, environment and descriptors to others of its user, who would find them in /proc.

    Landlock does that for its domain; this is for kernels without it. Children inherit it: see `open_memory`.
    """
    _set_dumpable(False)


def open_memory() -> None:
    """In a child, where capabilities are already reduced: its own /proc entries are its own again."""
    _set_dumpable(True)


def _set_dumpable(value: bool) -> None:
    if kernel.supported():
        kernel.prctl(kernel.PR_SET_DUMPABLE, int(value))
