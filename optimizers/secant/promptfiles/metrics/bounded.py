"""Texts held against patterns and schemas in a process of its own, so that none of them can hang this one.

One process serves a whole batch; where the time for a text is up it is ended, and another goes on behind that text.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

_PROCESS = Path(__file__).with_name("bounded_process.py")
_SLACK_SECONDS = 30.0
_BATCH = 500
_MOST_LOST = 3
"""Texts on which time may run out before the rest of a batch is given up: at 10 s each a thousand are three hours."""


class Asked(NamedTuple):
    """A text, and what it is held against: `{"pattern": ..., "last": bool}` or `{"schema": ...}`."""

    condition: Mapping[str, Any]
    text: str


class Told(NamedTuple):
    found: bool = False
    text: str = ""
    """Of a pattern: what matched."""
    place: str = ""
    """Of a schema: where the value does not fit, and why."""
    why: str = ""
    fault: str = ""
    """The condition could not be applied."""
    slow: bool = False
    """Time ran out."""


def held_against(asked: Sequence[Asked], seconds: float) -> Iterator[Told]:
    """One result for each text, in order; each may take so many seconds."""
    lost = 0
    for start in range(0, len(asked), _BATCH):
        batch = asked[start : start + _BATCH]
        while batch and lost < _MOST_LOST:
            told = _served(batch, seconds)
            yield from told
            lost += any(each.slow for each in told)
            batch = batch[len(told) :]
        yield from (Told(slow=True) for _ in batch)


def _served(batch: Sequence[Asked], seconds: float) -> list[Told]:
    """What one process came to: all of the batch, or so much of it that the last one was too much for it."""
    known: dict[str, int] = {}
    lines = [_line(each, known, seconds) for each in batch]
    request = "\n".join([json.dumps({"conditions": [json.loads(each) for each in known]}), *lines, ""])
    command = [sys.executable, "-I", str(_PROCESS)]
    limit = seconds * len(batch) + _SLACK_SECONDS
    try:
        done = subprocess.run(command, input=request.encode("ascii"), capture_output=True, timeout=limit, check=False)
        output, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as expired:
        output, code = expired.stdout or b"", -signal.SIGALRM
    told = [Told(**json.loads(line)) for line in output.split(b"\n")[:-1]]
    if len(told) == len(batch):
        return told
    if code == -signal.SIGALRM:
        return [*told, Told(slow=True)]
    return [*told, Told(fault=f"the process that looks for it ended (exit status {code})")]


def _line(asked: Asked, known: dict[str, int], seconds: float) -> str:
    number = known.setdefault(json.dumps(asked.condition, sort_keys=True), len(known))
    return json.dumps({"condition": number, "text": asked.text, "seconds": seconds})
