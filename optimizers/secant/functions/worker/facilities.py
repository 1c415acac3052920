"""What this machine and this interpreter give for isolation, found by trying: each facility in a child of its own.

Run by `secant.functions.isolation.detect` inside the user's interpreter; prints one JSON object, which maps a facility
to null (it works) or to the reason why it does not. Nothing here outlives its probe.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from collections.abc import Callable

from . import kernel, landlock, privileges, seccomp
from . import limits as resources
from .namespaces import enter_namespaces, network_is_private
from .processes import become_subreaper


def facilities() -> dict[str, str | None]:
    """Every facility, with None where it works and otherwise the reason."""
    found: dict[str, str | None] = {"landlock": _tried(_landlock), "seccomp": _tried(_seccomp)}
    found["network namespace"] = _tried(_network_namespace)
    found["file namespace"] = _tried(_file_namespace)
    found["resource limits"] = _tried(_resource_limits)
    found["reduced capabilities"] = _tried(privileges.reduce)
    found["subreaper"] = _tried(_subreaper)
    return found


def main() -> None:
    """Print what was found."""
    sys.stdout.write(json.dumps(facilities()) + "\n")


def _tried(probe: Callable[[], None]) -> str | None:
    """Run a probe in a child; its exception is the reason."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        reason = ""
        try:
            probe()
        except BaseException as error:  # noqa: BLE001  # because a child must never return into its parent's stack
            reason = str(error) or type(error).__name__
        finally:
            os.write(writer, b"." + reason.encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read().decode()
    os.waitpid(pid, 0)
    return "the probe was killed" if not answer else answer[1:] or None


def _landlock() -> None:
    version = landlock.abi()
    if not version:
        raise OSError("this kernel has no Landlock (Linux 5.13), or it is switched off")
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    landlock.enter(landlock.writes(version, (), ("/dev/null",), tcp=True))
    with open("/dev/null", "w"):
        pass
    try:
        tempfile.TemporaryFile().close()
    except OSError:
        return
    raise OSError("a write was not refused")


def _seccomp() -> None:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.assemble(families=()).install()
    try:
        socket.socket().close()
    except PermissionError:
        return
    raise OSError("a socket was not refused")


def _network_namespace() -> None:
    _check(enter_namespaces().network and network_is_private(), "namespaces are refused")


def _file_namespace() -> None:
    _check(enter_namespaces(()).files, "namespaces are refused, or the kernel is older than 5.12")


def _resource_limits() -> None:
    resources.apply(resources.Limits(memory_bytes=64 << 20))
    try:
        bytearray(256 << 20)
    except MemoryError:
        return
    raise OSError("memory beyond the limit was given")


def _subreaper() -> None:
    _check(become_subreaper(), "orphans cannot be adopted")


def _check(good: bool, reason: str) -> None:
    if not good:
        raise OSError(reason)
