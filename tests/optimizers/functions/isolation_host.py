"""A minimal worker for the tests of isolation: for each request on standard input it forks, confines, runs the victim
and reports. It is started as a process of its own, as a worker is, and imports nothing but the worker's package."""

import gc
import importlib.util
import json
import os
import random
import signal
import sys
import time
from pathlib import Path


def load(folder):
    """The worker's package under its private name, as the launcher loads it."""
    spec = importlib.util.spec_from_file_location(
        "_secant_worker", str(Path(folder) / "__init__.py"), submodule_search_locations=[folder]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules["_secant_worker"] = package
    spec.loader.exec_module(package)
    from _secant_worker import channel, isolation

    return channel, isolation


def state():
    """What a candidate might change in its worker."""
    handlers = [repr(signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)]
    functions = [id(each) for each in (len, sum, time.time, random.random, os.fork, os.waitpid, os.kill)]
    limits = [
        sys.getrecursionlimit(),
        gc.isenabled(),
        os.getpriority(os.PRIO_PROCESS, 0),
        len([*Path("/proc/self/fd").iterdir()]),
    ]
    return [
        str(Path.cwd()),
        dict(os.environ),
        list(sys.path),
        set(sys.modules),
        set(globals()),
        handlers,
        functions,
        limits,
    ]


def victim(source, sandbox, region, key):
    """In the child: everything that stands for a candidate's run. Never returns."""
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        confinement = sandbox.confine()
        answer = {"missing": confinement.missing, "network": confinement.network}
        namespace = {"__name__": "candidate"}
        try:
            exec(compile(source, "candidate.py", "exec"), namespace)
            result = namespace["victim"](3)
            answer.update(verdict="ok" if result == 6 else "fail", detail=repr(result)[:200])
        except BaseException as error:  # noqa: BLE001  # because a candidate may raise anything
            answer.update(verdict="fail", detail=f"{type(error).__name__}: {error}"[:200])
        region.write(json.dumps(answer).encode(), key)
    finally:
        os._exit(0)


def survivors(isolation, scratch):
    """Processes that a candidate left alive: our children, and those it wrote down."""
    noted = Path(scratch, "tmp", "pids")
    pids = isolation.children() + ([int(line) for line in noted.read_text().split()] if noted.exists() else [])
    noted.unlink(missing_ok=True)
    return [pid for pid in pids if Path("/proc", str(pid)).exists()]


def run(request, isolation, sandbox, region, scratch):
    """One candidate, from fork to verdict."""
    limits = isolation.Limits(**request["limits"])
    sandbox.limits = limits
    before, key = state(), os.urandom(16)
    region.clear()
    pid = os.fork()
    if pid == 0:
        victim(request["source"], sandbox, region, key)
    ending = isolation.watch(pid, limits)
    payload = region.read(key)
    answer = json.loads(payload) if payload else {"verdict": "timeout" if ending.reason == "timeout" else "crash"}
    answer.update(id=request["id"], reason=ending.reason, status=ending.status)
    answer.update(survivors=survivors(isolation, scratch), intact=state() == before)
    return answer


def say(answer):
    """One answer, one line."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main():
    """Requests and answers, one JSON object a line, until standard input ends."""
    settings = json.loads(sys.argv[1])
    channel, isolation = load(settings["worker"])
    isolation.become_subreaper()
    reached = isolation.enter_namespaces([settings["scratch"]])._asdict() if settings["namespaces"] else {}
    sandbox = isolation.Sandbox(settings["scratch"], home=settings["home"])
    region = channel.ResultRegion(1 << 16)
    say({"reached": reached})
    for line in sys.stdin:
        say(run(json.loads(line), isolation, sandbox, region, settings["scratch"]))


if __name__ == "__main__":
    main()
