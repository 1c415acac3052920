"""A Python that has imported Secant once and runs its commands many times: each in a fork, as if just started.

`command_host.py WORKERS`: standard input is a socket of packets, one for each command: `program` (`secant`, `machine`
or `python`), `words`, `cwd` (null: this process's own), `environment`; with it come the descriptors that are to be 0,
1 and 2, and a pipe. Into the pipe goes a line with the process id and, when the process has ended, its wait status.
WORKERS are the sockets of the hosts from which the workers of a command come, as JSON: descriptors by hash seeds.

The fork saves Python's start and the import of Secant. What a process does at its end is done as Python does it.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
import traceback
import types
from pathlib import Path

from secant.functions.interpreter import probe
from tests.optimizers.functions.preloaded import hosts_at

RUN = (
    *("secant.cli", "secant.cli.app", "secant.machine", "secant.engine", "secant.functions.optimization"),
    *("secant.solutions.solving", "secant.optimizers.rewrite", "secant.optimizers.textgrad", "hypothesis.strategies"),
    *("secant.models.openai_provider", "secant.models.gateway", "rich.progress", "rich.syntax", "rich.markdown"),
)
"""What a run imports sooner or later."""
LONGEST = 1 << 20
HERE = Path(__file__).parent


def secant():
    from secant.cli import main

    main()


def machine():
    from secant.machine import main

    sys.exit(main())


def python():
    exec(sys.argv.pop(1), {"__name__": "__main__"})


PROGRAMS = {"secant": secant, "machine": machine, "python": python}


class Shared:
    """A stand-in for `pytest.MonkeyPatch` in a process that is made for one command: nothing is ever put back."""

    setattr = staticmethod(setattr)


def run(request, streams):
    """In the child: the command, in that folder, with that environment and those streams."""
    os.environ.clear()
    os.environ.update(request["environment"])
    for descriptor, stream in enumerate(streams):
        os.dup2(stream, descriptor)
    for stream in streams:
        os.close(stream)
    if request["cwd"] is not None:
        os.chdir(request["cwd"])
    unbuffered = bool(os.environ.get("PYTHONUNBUFFERED"))
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # noqa: SIM115  because they stay open, as below
    sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.stdout.reconfigure(write_through=unbuffered)
    sys.path.insert(0, "")
    sys.argv[:] = ["-c", *request["words"]]
    sys.modules["__main__"] = types.ModuleType("__main__")
    PROGRAMS[request["program"]]()


def status(request, streams):
    """What the child exits with. An interrupt ends it as it ends any Python."""
    try:
        run(request, streams)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(end.code + "\n")
    except KeyboardInterrupt:
        traceback.print_exc()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
        code = 130
    except BaseException:  # noqa: BLE001  because it is the end of a process
        traceback.print_exc()
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except OSError as error:
        sys.stderr.write(f"Exception ignored in: {sys.stdout!r}\n{type(error).__name__}: {error}\n")
        code = 120
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    return code


def start(requests, others):
    """Fork for the next request. Returns the process and the pipe in which its end is awaited; None behind the last.

    `others`: descriptors that are no business of the new process.
    """
    packet, passed, _, _ = socket.recv_fds(requests, LONGEST, 4)
    if not packet:
        return None
    *streams, told = passed
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        requests.close()
        for descriptor in (told, *others):
            os.close(descriptor)
        os._exit(status(json.loads(packet), streams) & 0xFF)
    for stream in streams:
        os.close(stream)
    os.write(told, b"%d\n" % pid)
    return pid, told


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the commands
    requests = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    hosts_at(json.loads(sys.argv[1])).install(Shared)
    for name in RUN:
        importlib.import_module(name)
    probe(Path(sys.executable))  # the answer is remembered
    sys.path[:] = [entry for entry in sys.path if entry not in (str(HERE), str(HERE.parents[1]))]
    gc.collect()
    gc.freeze()
    running = {}
    while True:
        for descriptor in select.select([requests, *running], [], [])[0]:
            if descriptor is requests:
                started = start(requests, (*running, *(told for _, told in running.values())))
                if started is None:
                    return
                running[os.pidfd_open(started[0])] = started
                continue
            pid, told = running.pop(descriptor)
            os.close(descriptor)
            ended = os.waitpid(pid, 0)[1]
            with contextlib.suppress(OSError):  # nobody asks any more
                os.write(told, b"%d\n" % ended)
            os.close(told)


if __name__ == "__main__":
    main()
