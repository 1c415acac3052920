"""What a plain pytest says of every shape of the zoo and its candidates: the yardstick of the conformance tests.

It is asked 640 times, which takes longer than all that is measured by it; what it answers depends on the shape, on the
Python, on pytest and on its plug-ins alone. So its answers are recorded beside the shapes, with all of these; whatever
was recorded for others is asked anew. `make conformance` asks for all of it, and says where the record is wrong.

    python -m tests.optimizers.functions.yardstick [--check]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sys
import tempfile
from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from tests.optimizers.functions.preloaded import Preloaded, Verdicts
from tests.optimizers.functions.shapes import SHAPES, Shape, environment, shapes

RECORD = SHAPES / "VERDICTS.json"
ORIGINAL = "original"
Answers = Mapping[str, Verdicts]
"""By candidate, the original among them."""


class Hosts:
    """The Pythons that start everything here: the plain pytest, and the workers."""

    def __init__(self) -> None:
        self._made: dict[bool, Preloaded] = {}

    def of(self, shape: Shape) -> Preloaded:
        """One that knows the installed plug-ins only where the shape needs some: importing all of them takes long."""
        plugins = bool(shape.needs)
        if plugins not in self._made:
            self._made[plugins] = Preloaded(plugins=plugins)
        return self._made[plugins]

    def close(self) -> None:
        for host in self._made.values():
            host.close()


@contextmanager
def hosting() -> Generator[Hosts]:
    made = Hosts()
    try:
        yield made
    finally:
        made.close()


class Yardstick:
    """The verdicts of a plain pytest: recorded ones, or new ones where none were recorded under these circumstances."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        record: Mapping[str, Any] = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
        self._recorded: Mapping[str, Any] = record.get("shapes", {}) if record.get("with") == circumstances() else {}

    def answers(self, shape: Shape, place: Path) -> Answers:
        """Of the shape and all its candidates; projects are made below `place` where pytest must be asked."""
        known = self._recorded.get(shape.name)
        if known is not None and known["digest"] == digest(shape):
            return {name: _by_test(outcomes) for name, outcomes in known["verdicts"].items()}
        return asked(shape, self._hosts.of(shape), place)


def asked(shape: Shape, host: Preloaded, place: Path) -> Answers:
    """What a plain pytest says now, on a copy for each candidate."""
    return {name: _asked(shape, host, place, name) for name in (ORIGINAL, *shape.files)}


def _asked(shape: Shape, host: Preloaded, place: Path, candidate: str) -> Verdicts:
    folder = shape.copy(place / candidate / "project")
    if candidate != ORIGINAL:
        shape.write(folder, candidate)
    return host.plain(folder, environment(shape))


def circumstances() -> Mapping[str, str]:
    """Whatever the verdicts depend on besides the shape."""
    plugins = {
        each.name: each.version
        for each in distributions()
        if each.name == "pytest" or any(point.group == "pytest11" for point in each.entry_points)
    }
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "system": sys.platform,
        **dict(sorted(plugins.items())),
    }


def digest(shape: Shape) -> str:
    """Of everything in the shape's folder."""
    found = hashlib.sha256()
    folder = SHAPES / shape.name
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        found.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def _by_test(outcomes: Mapping[str, Iterable[str]]) -> Verdicts:
    return {test: outcome for outcome, tests in outcomes.items() for test in tests}


def _by_outcome(verdicts: Verdicts) -> Mapping[str, list[str]]:
    return {o: sorted(test for test, each in verdicts.items() if each == o) for o in sorted(set(verdicts.values()))}


def recorded(workers: int) -> str:
    """The record, asked anew: a shape a line."""

    def row(shape: Shape) -> str:
        with tempfile.TemporaryDirectory() as place:
            answers = asked(shape, hosts.of(shape), Path(place).resolve())
        entry = {"digest": digest(shape), "verdicts": {name: _by_outcome(v) for name, v in answers.items()}}
        return f"{json.dumps(shape.name)}: {json.dumps(entry)}"

    with hosting() as hosts, ThreadPoolExecutor(workers) as pool:
        rows = ",\n  ".join(pool.map(row, shapes()))
    return f'{{"with": {json.dumps(circumstances())},\n "shapes": {{\n  {rows}\n}}}}\n'


def main() -> int:
    parser = argparse.ArgumentParser(description="Record what a plain pytest says of the zoo of shapes.")
    parser.add_argument("--check", action="store_true", help="compare with the record instead of writing it")
    check = parser.parse_args().check
    text = recorded(1)
    if not check:
        RECORD.write_text(text, "utf-8")
        return 0
    was, now = (json.loads(each)["shapes"] for each in (RECORD.read_text("utf-8"), text))
    wrong = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    sys.stdout.write(f"{len(now)} shapes asked anew; otherwise than recorded: {', '.join(wrong) or 'none'}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
