"""Where a candidate is shut in: a `Sandbox` is prepared once by the worker, and each forked child confines itself.

    worker   become_subreaper(), enter_namespaces(...), sandbox = Sandbox(scratch, ...)
    child    sandbox.confine(), then the candidate runs
    worker   watch(pid, limits) waits and leaves no process behind

A facility that this machine lacks is left out and named in `Confinement.missing`; nothing here raises for it. The order
matters: the own session first, seccomp last, because each step may forbid what the ones before it need.
"""

from __future__ import annotations

import os
import pwd
import re
import signal
import socket
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from . import kernel, landlock, privileges, seccomp
from . import limits as resources
from .limits import Limits
from .namespaces import enter_namespaces, enter_network_namespace, network_is_private, user_is_private
from .processes import become_subreaper, children, excess, kill_tree, watch

__all__ = [
    "Confinement",
    "Limits",
    "Sandbox",
    "become_subreaper",
    "children",
    "confine",
    "enter_namespaces",
    "enter_network_namespace",
    "excess",
    "kill_tree",
    "secret_places",
    "watch",
]

_WRITABLE_FILES = ("/dev/null", "/dev/zero", "/dev/full")
_IN_HOME = (
    *(".ssh", ".gnupg", ".aws", ".azure", ".config", ".kube", ".docker", ".password-store", ".terraform.d", ".boto"),
    *(".netrc", ".pypirc", ".npmrc", ".yarnrc.yml", ".git-credentials", ".pgpass", ".my.cnf", ".vault-token"),
    *(".mozilla", ".thunderbird", ".claude", ".codex", ".gemini", ".local/share/keyrings"),
    *(".bash_history", ".zsh_history", ".python_history", ".cargo/credentials.toml", ".gem/credentials"),
    *(".m2/settings.xml", ".gradle/gradle.properties"),
)
_ON_MACHINE = ("/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/ssh", "/run/secrets", "/var/run/secrets")


class Confinement(NamedTuple):
    """What was reached in one child. `network`: "private" (loopback only), "denied", "tcp denied" or "open"."""

    landlock: int
    seccomp: bool
    network: str
    missing: tuple[str, ...]


def secret_places(home: str) -> tuple[str, ...]:
    """Files and folders that no candidate has a reason to read; `home` is the person's own, not the scratch one."""
    return (*(os.path.join(home, name) for name in _IN_HOME), *_ON_MACHINE)


class Sandbox:
    """All that can be worked out before the fork; every argument is plain data, as it comes in a request.

    `scratch` and `writable`: the folders a candidate may change. `readable`: places that stay readable below a
    `hidden` one (the interpreter, the project). `hidden`: None for the secret places of `home`.
    `limits`: as fields of `Limits`. `local_sockets`: Unix sockets by path, behind which services of the machine listen.
    """

    def __init__(
        self,
        scratch: str,
        *,
        writable: Collection[str] = (),
        readable: Collection[str] = (),
        hidden: Collection[str] | None = None,
        home: str | None = None,
        limits: Limits | Mapping[str, float] | None = None,
        allow_exec: bool = True,
        local_sockets: bool = False,
    ) -> None:
        self.limits = limits if isinstance(limits, Limits) else Limits()._replace(**(limits or {}))
        self._worker = os.getpid()
        self._folders = (scratch, *writable)
        self._network_is_private = network_is_private()
        self._count_tasks = os.geteuid() != 0 and user_is_private() and _kernel_version() >= (5, 14)
        self._abi = landlock.abi()
        self._reads = self._writes = -1
        if self._abi:
            places = secret_places(home or _home()) if hidden is None else hidden
            self._reads = landlock.reads(self._abi, places, (scratch, *writable, *readable))
            self._writes = self._written_below(scratch)
        else:
            privileges.close_memory()
        self._filter = self._assemble(allow_exec, local_sockets) if kernel.supported() else None

    def confine(self, scratch: str | None = None) -> Confinement:
        """In a child just forked: shut it in, for ever. `scratch`: a folder of its own in place of the common one."""
        missing: list[str] = []
        _try(missing, "session", os.setsid)
        _try(missing, "parent-death signal", self._die_with_worker)
        _try(missing, "limits", lambda: resources.apply(self.limits, count_tasks=self._count_tasks))
        _try(missing, "no new privileges", lambda: kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1))
        _try(missing, "reduced capabilities", privileges.reduce)
        _try(missing, "own memory", privileges.open_memory)
        abi = self._abi if _try(missing, "landlock", lambda: self._enter_landlock(scratch)) else 0
        filtered = _try(missing, "seccomp", self._install_filter)
        return Confinement(abi, filtered, self._network(abi, filtered), tuple(missing))

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """In the worker: give the prepared rulesets back."""
        for ruleset in (self._reads, self._writes):
            if ruleset >= 0:
                os.close(ruleset)
        self._reads = self._writes = -1

    def _assemble(self, allow_exec: bool, local_sockets: bool) -> seccomp.Filter:
        families = {socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK} if self._network_is_private else set[int]()
        families |= {socket.AF_UNIX} if local_sockets else set()
        processes = {os.getpid(), os.getppid()}
        groups = {-os.getpgrp(), -1} | {-os.getpgid(pid) for pid in processes if pid > 0}
        return seccomp.assemble(shielded=processes | groups, families=families, allow_exec=allow_exec)

    def _die_with_worker(self) -> None:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getpid() != self._worker != os.getppid():  # it died before this was asked for
            os._exit(70)

    def _enter_landlock(self, scratch: str | None) -> None:
        if not self._abi:
            raise OSError("this kernel has no Landlock")
        writes = self._writes if scratch is None else self._written_below(scratch)
        landlock.enter(self._reads)
        landlock.enter(writes)

    def _written_below(self, scratch: str) -> int:
        """The ruleset of what may be written, with this folder in place of the common one."""
        folders = (scratch, *self._folders[1:], *_shared_memory())
        return landlock.writes(self._abi, folders, _WRITABLE_FILES, tcp=self._network_is_private)

    def _install_filter(self) -> None:
        if self._filter is None:
            raise OSError("no system call filter on this machine")
        self._filter.install()

    def _network(self, abi: int, filtered: bool) -> str:
        if self._network_is_private:
            return "private"
        return "denied" if filtered else "tcp denied" if abi >= 4 else "open"


def confine(scratch: str, **settings: Any) -> Confinement:
    """Prepare and confine in one go, for a child that is forked once; the settings are those of `Sandbox`."""
    return Sandbox(scratch, **settings).confine()


def die_with_parent() -> None:
    """In the worker: an engine that is killed leaves none behind, not even one that hangs in the user's import.

    Where the kernel refuses it, the worker ends when it next looks for a request.
    """
    _try([], "parent-death signal", lambda: kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL))


def _try(missing: list[str], name: str, step: Callable[[], object]) -> bool:
    """Take a step; where the machine refuses it, name it in `missing`."""
    try:
        step()
    except (OSError, ValueError) as error:
        missing.append(f"{name} ({error})")
        return False
    return True


def _home() -> str:
    """The person's home, whatever HOME says: a worker's HOME is a scratch folder."""
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:  # a container's user without an entry
        return os.path.expanduser("~")


def _kernel_version() -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])


def _shared_memory() -> tuple[str, ...]:
    """The folder of shared memory (locks of `multiprocessing` live there), if it is the worker's own.

    It is where /dev was made read-only around it (`namespaces`), or is one file system with /dev (bubblewrap).
    """
    try:
        own = os.statvfs("/dev").f_flag & os.ST_RDONLY or os.stat("/dev").st_dev == os.stat("/dev/shm").st_dev
    except OSError:
        own = False
    return ("/dev/shm",) if own else ()
