"""Files a candidate may touch: Landlock rulesets, which confine a process without any privilege (Linux 5.13 and later).

Two layers. *Secrets*: everything is readable but the hidden places; many rules, so the worker builds it once and each
child only enters it. *Writes*: nothing is writable but a few folders; a handful of rules, made in the child. Names in a
hidden folder can still be listed (imports list folders above them), contents cannot be read.
Modes, owners and times of files are not Landlock's: see `namespaces` for the read-only view.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Collection, Iterator

from . import kernel

EXECUTE, WRITE_FILE, READ_FILE, REFER, TRUNCATE, IOCTL_DEV = 1 << 0, 1 << 1, 1 << 2, 1 << 13, 1 << 14, 1 << 15
_MAKE_AND_REMOVE = 0x1FF0  # from REMOVE_DIR (bit 4) to MAKE_SYM (bit 12)
_FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
_BIND_AND_CONNECT_TCP = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_VERSION_FLAG = 1
_PATH_BENEATH = 1


def abi() -> int:
    """The Landlock version of this kernel, 0 where there is none."""
    try:
        return kernel.syscall("landlock_create_ruleset", None, 0, _VERSION_FLAG)
    except OSError:
        return 0


def reads(version: int, hidden: Collection[str], readable: Collection[str]) -> int:
    """A ruleset (a descriptor, to `enter` later) under which `hidden` paths cannot be read, but `readable` ones can."""
    rights = READ_FILE | EXECUTE
    # Moving files between folders is refused by every ruleset that does not grant it.
    refer = REFER if version >= 2 else 0
    ruleset = _create(version, rights | refer)
    if refer:
        _allow(ruleset, "/", refer)
    for path in (*around(frozenset(map(os.path.realpath, hidden))), *readable):
        _allow(ruleset, path, rights)
    return ruleset


def writes(version: int, folders: Collection[str], files: Collection[str], *, tcp: bool) -> int:
    """A ruleset under which only `folders` (and what is below) and `files` can be written.

    Where the kernel knows how: no TCP unless `tcp`, no signal to and no abstract socket of a process outside.
    """
    rights = WRITE_FILE | _MAKE_AND_REMOVE
    rights |= (REFER if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0) | (IOCTL_DEV if version >= 5 else 0)
    network = _BIND_AND_CONNECT_TCP if version >= 4 and not tcp else 0
    ruleset = _create(version, rights, network, _ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0)
    for path in (*folders, *files):
        _allow(ruleset, path, rights)
    return ruleset


def enter(ruleset: int) -> None:
    """Confine this thread and all it creates, for ever, then close the ruleset. Needs no_new_privs."""
    try:
        kernel.syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _create(version: int, files: int, network: int = 0, scoped: int = 0) -> int:
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    return kernel.syscall("landlock_create_ruleset", struct.pack("QQQ", files, network, scoped), size, 0)


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Grant `rights` at and below `path`; a path that is gone or out of reach needs no rule."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _FOR_FILES
        kernel.syscall("landlock_add_rule", ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def around(hidden: frozenset[str], folder: str = "/") -> Iterator[str]:
    """The fewest paths that together cover everything below `folder` but the hidden ones: Landlock can only allow."""
    above = {parent for path in hidden for parent in _parents(path)}
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path in hidden:
            continue
        if path in above:
            waiting += _inside(path)
        else:
            yield path


def _parents(path: str) -> Iterator[str]:
    while path != (path := os.path.dirname(path)):
        yield path


def _inside(folder: str) -> list[str]:
    """What lies in a folder; a link is judged by where it leads."""
    try:
        with os.scandir(folder) as entries:
            return [entry.path for entry in entries if not entry.is_symlink()]
    except OSError:
        return []
