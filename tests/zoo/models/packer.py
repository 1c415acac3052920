"""Packs the parcels of examples/problems in two boxes: as a new version, and as a fresh answer."""

import re

from tests.zoo.models.server import Reply, completion

PACKED = """Together they weigh 40 kg, so two boxes must both be full.

Box 1: 9 + 7 + 4
Box 2: 8 + 6 + 5 + 1

Answer: 2
"""


def reply(request: dict) -> Reply:
    tag = re.search(r"<IMPROVED([\w-]*)>", request["messages"][-1]["content"])
    if tag is None:
        return completion(request, PACKED)
    end = tag[1]
    note = f"<NOTE{end}>\nGreedy is not best: both boxes can be full.\n</NOTE{end}>"
    return completion(request, f"{note}\n<IMPROVED{end}>\n{PACKED}</IMPROVED{end}>")
