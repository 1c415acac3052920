"""A network and a view of the files of the worker's own, by Linux namespaces.

Entered once, at the worker's start, while it has a single thread; every candidate inherits them. The network has only
a loopback, so a test with a local server works and nothing leaves the machine. The files are all read-only but a few
folders, which also covers what Landlock does not: modes, owners and times.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
from collections.abc import Collection
from typing import NamedTuple

from . import kernel

_IFF_UP, _IFF_RUNNING = 0x1, 0x40
_SIOCGIFFLAGS, _SIOCSIFFLAGS = 0x8913, 0x8914
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000
_MS_NOSUID_NODEV = 0x2 | 0x4
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_ATTR_RDONLY = 0x1
_SHARED_MEMORY_BYTES = 256 << 20


class Namespaces(NamedTuple):
    """What the worker has of its own."""

    user: bool = False
    network: bool = False
    files: bool = False


_ATTEMPTS = (
    Namespaces(network=True, files=True),  # root needs no user namespace, and keeps its access to everybody's files
    Namespaces(user=True, network=True, files=True),
    Namespaces(network=True),
    Namespaces(user=True, network=True),
)


def enter_namespaces(writable: Collection[str] | None = None) -> Namespaces:
    """Enter the most that this machine gives, each attempt rehearsed in a child: a failed half cannot be left again.

    `writable`: the folders that stay so in a read-only view of all files; None leaves the files as they are.
    """
    for wanted in _ATTEMPTS:
        if wanted.files == (writable is not None) and _rehearse(wanted, writable or ()):
            _enter(wanted, writable or ())
            return wanted
    return enter_namespaces() if writable is not None else Namespaces()


def enter_network_namespace() -> bool:
    """The network alone: does this worker now have its own, with nothing but a loopback?"""
    return enter_namespaces().network


def network_is_private() -> bool:
    """Is nothing but the loopback up in this process's network?"""
    try:
        names = [name for _, name in socket.if_nameindex()]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            return all(name == "lo" or not _flags(probe, name) & _IFF_UP for name in names)
    except OSError:
        return False


def user_is_private() -> bool:
    """Does this process live in a user namespace that maps nobody but itself?"""
    try:
        with open("/proc/self/uid_map", "rb") as file:
            return [line.split()[2] for line in file] == [b"1"]
    except OSError:
        return False


def _rehearse(wanted: Namespaces, writable: Collection[str]) -> bool:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            _enter(wanted, writable)
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(pid, 0)[1] == 0


def _enter(wanted: Namespaces, writable: Collection[str]) -> None:
    user, group = os.geteuid(), os.getegid()
    flags = kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC
    flags |= kernel.CLONE_NEWUSER if wanted.user else 0
    flags |= kernel.CLONE_NEWNS if wanted.files else 0
    kernel.syscall("unshare", flags)
    if wanted.user:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{user} {user} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")
    _raise_loopback()
    if wanted.files:
        _make_read_only(writable)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", _flags(control, "lo") | _IFF_UP | _IFF_RUNNING)
        fcntl.ioctl(control, _SIOCSIFFLAGS, request)


def _flags(control: socket.socket, name: str) -> int:
    reply = fcntl.ioctl(control, _SIOCGIFFLAGS, struct.pack("16s16x", name.encode()))
    return int(struct.unpack("16xH14x", reply)[0])


def _make_read_only(writable: Collection[str]) -> None:
    """Everything mounted becomes read-only but `writable`; shared memory is a fresh, bounded folder."""
    kernel.syscall("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    folders = [os.fsencode(os.path.realpath(path)) for path in writable]
    for folder in folders:
        kernel.syscall("mount", folder, folder, None, _MS_BIND | _MS_REC, None)
    _set_attributes(b"/", on=_MOUNT_ATTR_RDONLY)
    for folder in folders:
        _set_attributes(folder, off=_MOUNT_ATTR_RDONLY)
    os.chdir(os.getcwd())  # the working folder may now lie below a newer mount
    if os.path.isdir("/dev/shm"):
        options = f"mode=1777,size={_SHARED_MEMORY_BYTES}".encode()
        kernel.syscall("mount", b"tmpfs", b"/dev/shm", b"tmpfs", _MS_NOSUID_NODEV, options)


def _set_attributes(path: bytes, *, on: int = 0, off: int = 0) -> None:
    attributes = struct.pack("QQQQ", on, off, 0, 0)
    kernel.syscall("mount_setattr", _AT_FDCWD, path, _AT_RECURSIVE, attributes, len(attributes))
