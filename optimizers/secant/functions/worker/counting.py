"""How often each line of the original runs on the recorded calls: counted, not timed, so the same in every run."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

from . import probes
from .children import Write
from .collected import Collected
from .outcome import observe
from .timing import Arguments
from .unit import Unswappable

_STEPS = 3_000_000
"""Loop steps for all calls together."""


def count_lines(held: Collected, calls: Sequence[Arguments], write: Write) -> None:
    """Write `{"calls", "lines": {line: executions}, "items": {line: items of comprehensions}}`, or an error.

    Lines count from the unit's first. A call that cannot be copied is left out, and so are those behind the last step.
    """
    counter = held.probes
    try:
        held.swap(held.compile(held.unit.text, probes.observed))
    except (Unswappable, SyntaxError, ValueError) as error:
        write(json.dumps({"error": "unswappable", "message": str(error)}).encode())
        return
    counter.lines = {}
    counter.refuel(_STEPS)
    done = 0
    for call in calls:
        try:
            args, kwargs = copy.deepcopy(call)
            observe(held.functions[0], args, kwargs)
        except probes.OutOfFuel:
            break
        except Exception:  # noqa: BLE001  # because arguments of the user's may refuse copying in any way
            continue
        done += 1
    record: dict[str, Any] = {
        "calls": done,
        "lines": {line: count for line, count in sorted(counter.lines.items()) if line > 0},
        "items": {-line: count for line, count in sorted(counter.lines.items()) if line < 0},
    }
    write(json.dumps(record).encode())
