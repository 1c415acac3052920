"""Repairs `to_roman` with a helper of a name that the file cannot take: a built-in one."""

import re

from tests.zoo.models.repairer import REPAIRED
from tests.zoo.models.server import Reply, completion

HELPER = """def divmod(number, value):
    return number // value, number % value


"""


def reply(request: dict) -> Reply:
    tag = re.search(r"<IMPROVED(\w*)>", request["messages"][-1]["content"])
    end = tag[1] if tag is not None else ""
    note = f"<NOTE{end}>\nA helper takes the quotient.\n</NOTE{end}>"
    return completion(request, f"{note}\n<IMPROVED{end}>\n{HELPER}{REPAIRED}</IMPROVED{end}>")
