"""A Python that has imported pytest once and runs scripts many times: each in a fork of its own, as if just started.

Standard input is a socket of packets, one for each request: `argv` (the script first), `cwd`, `environment`, `output`
(a file for what is printed), and with it descriptors: a pipe for the answer, then those that the script finds as 10,
11, ... The answer is the child's process id, told once it has a session of its own: whoever kills its group then kills
nobody else. Each request has its own answer, so that several processes can share the socket.

Nothing of Secant and no project was imported here: the fork saves Python's start and pytest's import. With the argument
`plugins` the installed plug-ins were imported as well, for children that load them.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import traceback
from importlib.metadata import entry_points

from _pytest.config import default_plugins

BESIDES = ("ctypes", "email.parser", "faulthandler", "getpass", "hmac", "mmap", "pdb", "pickle", "resource", "termios")
"""Of the standard library: what pytest imports once it is configured, and what workers import."""
FIRST_PASSED = 10
LONGEST = 1 << 20


def preload(plugins):
    """Import what every run of pytest imports, and take it out of the collector's way."""
    for name in (*("_pytest." + plugin for plugin in default_plugins), *BESIDES):
        importlib.import_module(name)
    for entry in entry_points(group="pytest11") if plugins else ():
        entry.load()
    gc.collect()
    gc.freeze()


def run(request, passed, path):
    """In the child: the script, as `python SCRIPT` in that folder and environment would run it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    null = os.open(os.devnull, os.O_RDONLY)
    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for descriptor, source in ((0, null), (1, output), (2, output), *enumerate(passed, FIRST_PASSED)):
        os.dup2(source, descriptor)
    for source in (null, output, *passed):
        os.close(source)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115  # because they stay open
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    own = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    sys.path[:] = [*own, *path]
    sys.argv[:] = request["argv"]
    runpy.run_path(sys.argv[0], run_name="__main__")


def status(request, passed, path):
    """What the child exits with."""
    try:
        run(request, passed, path)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  # because it is the end of a process
        traceback.print_exc()
        return 1
    return 0


def main():
    path = sys.path[1:]  # without this folder
    preload(plugins=sys.argv[1:] == ["plugins"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits here for a child
    requests = socket.socket(fileno=0)
    while True:
        packet, passed, _, _ = socket.recv_fds(requests, LONGEST, 4)
        if not packet:
            return
        if os.fork() == 0:
            os.setsid()
            answer, *passed = passed
            os.write(answer, b"%d" % os.getpid())
            os.close(answer)
            code = status(json.loads(packet), passed, path)
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(code & 0xFF)
        for descriptor in passed:
            os.close(descriptor)


if __name__ == "__main__":
    main()
