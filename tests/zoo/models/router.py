"""Routes tickets: as a program it knows the codes that its prompt names, as an optimizer it names them."""

from __future__ import annotations

import re
from typing import Any

from tests.zoo.models.server import Reply, completion

CODES = "Answer with a code alone: BIL for money, TEC for defects, SHP for parcels."
_WORDS = {"charged": ("BIL", "Billing"), "crashes": ("TEC", "Technical"), "parcel": ("SHP", "Shipping")}


def reply(request: dict[str, Any]) -> Reply:
    prompt = "\n\n".join(m["content"] for m in request["messages"])
    asked = re.search(r"<IMPROVED(\w*)>", prompt)
    text = _improved(prompt, asked[1]) if asked else _routed(prompt)
    return completion(request, *[text] * (request.get("n") or 1))


def _routed(prompt: str) -> str:
    ticket = prompt.rpartition("ticket?")[2]
    code, word = next(pair for key, pair in _WORDS.items() if key in ticket)
    return code if f"{code} for" in prompt else word


def _improved(prompt: str, suffix: str) -> str:
    current = re.search(rf"<CURRENT{suffix}>\n(.*?)\n</CURRENT{suffix}>", prompt, re.DOTALL)
    text = current[1].replace("Answer with the queue.", CODES) if current else CODES
    return f"<NOTE{suffix}>\nnames the codes\n</NOTE{suffix}>\n<IMPROVED{suffix}>\n{text}\n</IMPROVED{suffix}>"
