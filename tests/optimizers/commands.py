"""Secant's commands as processes: started anew, or, which is thirty times cheaper, forked by `command_host.py`.

A forked one has its own arguments, folder, environment, streams and process id, gets signals and ends as one that was
started. It differs in what it has imported, in its hash seed, which is its host's, and in its workers, which are forks
as well. What is about any of these is tested with `anew`.
"""

from __future__ import annotations

import inspect
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from secant.functions.launching import HASH_SEED
from tests.optimizers.functions.preloaded import Preloaded, Seeded

Program = Literal["secant", "machine", "python"]
"""`python` takes what is to be run as its first word."""
Starting = Callable[..., subprocess.Popen[Any]]
"""`anew` or a host's: takes a program, its words and the options of `Popen`."""
_HOST = Path(__file__).with_name("command_host.py")
_ROOT = Path(__file__).parents[2]
_PAIRS = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
"""What `Popen` calls the ends of the three pipes."""
_THEIRS = ("p2cread", "c2pwrite", "errwrite")
_ANEW: Mapping[Program, tuple[str, ...]] = {
    "secant": ("-c", "from secant.cli import main; main()"),
    "machine": ("-m", "secant.machine"),
    "python": ("-c",),
}


def anew(program: Program, *words: str, **options: Any) -> subprocess.Popen[Any]:
    """The command as a person starts it. The options are those of `Popen`."""
    return subprocess.Popen([sys.executable, *_ANEW[program], *words], **options)


class Forked(subprocess.Popen[Any]):
    """A command that was forked by a host. Its streams are what `Popen` makes of the options."""

    def __init__(self, requests: socket.socket, program: Program, words: tuple[str, ...], **options: Any) -> None:
        self._requests = requests
        self._program = program
        self._words = words
        super().__init__([program, *words], **options)

    def _execute_child(self, *given: Any) -> None:
        """In place of fork and exec: of the arguments, the folder, the environment and the ends of pipes are used."""
        arguments = inspect.signature(super()._execute_child).bind(*given).arguments
        cwd, environment = arguments["cwd"], arguments["env"]
        theirs = [own if arguments[name] == -1 else arguments[name] for own, name in enumerate(_THEIRS)]
        told, telling = os.pipe()
        request = {
            "program": self._program,
            "words": self._words,
            "cwd": cwd and str(cwd),
            "environment": dict(os.environ if environment is None else environment),
        }
        try:
            socket.send_fds(self._requests, [json.dumps(request).encode()], [*theirs, telling])
        finally:
            os.close(telling)
            self._close_pipe_fds(*(arguments[name] for name in _PAIRS))  # type: ignore[attr-defined]
        self._told = os.fdopen(told, "rb", buffering=0)
        self.pid = int(self._told.readline())
        self._child_created = True

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        if wait_flags == os.WNOHANG and not select.select([self._told], [], [], 0)[0]:
            return 0, 0
        with self._told:
            return self.pid, int(self._told.read() or signal.SIGKILL)

    def _internal_poll(self, *_: Any, **__: Any) -> int | None:
        if self.returncode is None and self._waitpid_lock.acquire(False):  # type: ignore[attr-defined]
            try:
                pid, status = self._try_wait(os.WNOHANG)
                if pid:
                    self._handle_exitstatus(status)  # type: ignore[attr-defined]
            finally:
                self._waitpid_lock.release()  # type: ignore[attr-defined]
        return self.returncode


class Commands:
    """A host, and the commands that tests have it run."""

    def __init__(self, workers: Preloaded | Seeded, hash_seed: str | None = None) -> None:
        """`workers` is where theirs come from; `hash_seed` is that of all commands, drawn where None."""
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        descriptors = {seed: each.fileno() for seed, each in workers.sockets.items()}
        path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(_HOST), json.dumps(descriptors)],
                stdin=theirs,
                pass_fds=[*descriptors.values()],
                env={**os.environ, "PYTHONPATH": path, **({HASH_SEED: hash_seed} if hash_seed else {})},
            )

    def __call__(self, program: Program, *words: str, **options: Any) -> subprocess.Popen[Any]:
        """The command, started. The options are those of `Popen` that are about streams, folder and environment."""
        return Forked(self._requests, program, words, **options)

    def close(self) -> None:
        self._requests.close()
        self._process.wait(20.0)
