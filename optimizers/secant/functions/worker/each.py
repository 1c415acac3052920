"""The `run` request, in whichever mode: each candidate in a fork of its own, one answer for each, in order."""

from __future__ import annotations

import resource
from collections.abc import Callable

from .added import Landed
from .children import Nursery, Write
from .protocol import Channel, Request
from .trial import outcome_of


def run_each(
    channel: Channel, nursery: Nursery, request: Request, work: Callable[[str, Landed | None, Write], object]
) -> None:
    """`work` is done in the child: it gets the candidate's text, what that adds to the module, and where to write."""
    for position, (text, known) in enumerate(zip(request["texts"], request["landed"])):
        before = _cpu()
        landed = Landed(**known) if known else None
        ended = nursery.run(lambda write, text=text, landed=landed: work(text, landed, write), request["seconds"])
        record = outcome_of(ended)
        record["cpu"] = _cpu() - before
        channel.send(request, last=position + 1 == len(request["texts"]), **record)


def _cpu() -> float:
    """CPU seconds of all children so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
