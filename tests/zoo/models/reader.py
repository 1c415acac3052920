"""Packs the parcels as `packer` does; asked for a critique, finds a serious mistake in every solution but that one."""

import re

from tests.zoo.models import packer
from tests.zoo.models.server import Reply, completion


def reply(request: dict) -> Reply:
    prompt = request["messages"][-1]["content"]
    tag = re.search(r"<SEVERITY([\w-]*)>", prompt)
    if tag is None:
        return packer.reply(request)
    end = tag[1]
    right = "Answer: 2" in prompt
    said = "no mistake found" if right else '"fewer boxes are impossible" does not follow from what stands before it'
    severity = "none" if right else "serious"
    return completion(
        request, f"<CRITIQUE{end}>\n{said}\n</CRITIQUE{end}>\n<SEVERITY{end}>\n{severity}\n</SEVERITY{end}>"
    )
