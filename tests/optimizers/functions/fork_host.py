"""A Python that has imported pytest once and runs scripts many times: each in a fork of its own, as if just started.

One request a line on standard input: `argv` (the script first), `cwd`, `environment`, `output` (a file for what is
printed) and `files` (opened as descriptors 10, 11, ...). Answers with two lines: the child's process id, and its wait
status when it is over. Nothing of Secant and no project was imported here: the fork saves Python's start and the import
of pytest, nothing else.
"""

import gc
import importlib
import json
import os
import runpy
import sys
import traceback

from _pytest.config import default_plugins

FIRST_FILE = 10


def preload():
    """Import what every run of pytest imports, and take it out of the collector's way."""
    for name in default_plugins:
        importlib.import_module("_pytest." + name)
    gc.collect()
    gc.freeze()


def run(request, path):
    """In the child: the script, as `python SCRIPT` in that folder and environment would run it."""
    os.setsid()
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for descriptor, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, output), (2, output)):
        os.dup2(source, descriptor)
    for descriptor, name in enumerate(request["files"], FIRST_FILE):
        os.dup2(os.open(name, os.O_RDWR), descriptor)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115  # because they stay open
    sys.stdout, sys.stderr = (open(fd, "w", closefd=False) for fd in (1, 2))  # noqa: SIM115
    own = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    sys.path[:] = [*own, *path]
    sys.argv[:] = request["argv"]
    runpy.run_path(sys.argv[0], run_name="__main__")


def status(request, path):
    """What the child exits with."""
    try:
        run(request, path)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  # because it is the end of a process
        traceback.print_exc()
        return 1
    return 0


def answer(number):
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main():
    path = sys.path[1:]  # without this folder
    preload()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            code = status(json.loads(line), path)
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(code & 0xFF)
        answer(pid)
        answer(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    main()
