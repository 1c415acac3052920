"""Sorts words and counts commas, in many words unless the prompt forbids it; asked for a prompt, it forbids it."""

import re

from tests.zoo.models.server import completion

_RULE = "Say nothing else."


def reply(request):
    asked = request["messages"][-1]["content"]
    tag = re.search(r"<(IMPROVED\w*)>\n", asked)
    if tag is None:
        found = " ".join(sorted(asked.split("List: ")[1].split("\n")[0].split())) if "List: " in asked else "1"
        return completion(request, found if _RULE in asked else f"Here you are: {found}, or so.")
    current = re.findall(r"<CURRENT\w*>\n(.*?)\n</CURRENT", asked, re.DOTALL)[-1]
    texts = [
        f"<NOTE>shorter</NOTE>\n<{tag[1]}>\n{current}\n{_RULE}{' Please.' * n}\n</{tag[1]}>"
        for n in range(request.get("n", 1))
    ]
    return completion(request, *texts)
