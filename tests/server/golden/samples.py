"""A module with functions of every kind, proposals for them, and a client: what the tests of views are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types as lsp

from secant.events import TestCount
from secant.types import SpeedUp
from secant_server.outline import outline
from secant_server.proposals import Decision, Option, Proposal, placed
from secant_server.views import LensMode, RunView, Shown

URI = "file:///project/shop/basket.py"
PATH = Path("/project/shop/basket.py")
FASTER = SpeedUp(ratio=2.34, low=2.1, high=2.6, verdict="faster", processes=3, pairs=34, noise=0.02)

TEXT = '''\
from typing import overload

RATE = lambda total: total * 3


class Basket:
    size = 0

    @property
    def total(self):
        seen = []
        for line in self.lines:
            if line not in seen:
                seen.append(line)
        return sum(seen)

    @total.setter
    def total(self, value):
        self.lines = [value]


@overload
def parse(text: str) -> int: ...


def parse(text):
    def digits():
        return [c for c in text if c.isdigit()]

    return int("".join(digits()))


def later(self):
    """Nothing yet."""
    raise NotImplementedError
'''
SETTER = "\n    @total.setter\n    def total(self, value):\n        self.lines = [value]\n"
EDITED = TEXT.replace(SETTER, "").replace("return sum(seen)", "return sum(seen, 0)")
"""`Basket.total` changed, and alone of that name."""
TOTAL = (8, 15)
"""First line and end of the getter `Basket.total`, from 0; its `def` stands in line 9."""
BASE = "".join(line + "\n" for line in TEXT.split("\n")[slice(*TOTAL)])
NEW = "    @property\n    def total(self):\n        return sum(dict.fromkeys(self.lines))\n"
OTHER = "    @property\n    def total(self):\n        return sum(set(self.lines))\n"

DIFF = """\
--- a/shop/basket.py
+++ b/shop/basket.py
@@ -9,7 +9,3 @@
     @property
     def total(self):
-        seen = []
-        for line in self.lines:
-            if line not in seen:
-                seen.append(line)
-        return sum(seen)
+        return sum(dict.fromkeys(self.lines))
"""


class Editor(NamedTuple):
    """A client; by default one that can do everything."""

    review: bool = True
    documents: bool = True
    code_action_disabled: bool = True
    code_action_resolve_edit: bool = True
    data: bool = True
    is_preferred: bool = True
    markdown_hover: bool = True


PLAIN = Editor(*[False] * 7)

WINNER = Option(
    source=NEW,
    diff=DIFF,
    rationale="`seen` becomes a dict",
    tests=TestCount(passed=14, total=14),
    speedup=FASTER,
    differs=(),
)
ALTERNATIVE = Option(
    source=OTHER,
    diff=DIFF.replace("dict.fromkeys", "set"),
    rationale="`seen` becomes a set",
    tests=TestCount(passed=14, total=14),
    speedup=FASTER.model_copy(update={"ratio": 3.0}),
    differs=({"call": "total(a | b)", "winner": "'x'", "alternative": "raises <TypeError>"},),
)


def proposal(**fields: object) -> Proposal:
    """For `Basket.total`, ready in TEXT."""
    known: dict[str, object] = {
        "id": "20260131-142533120-9f3a",
        "path": PATH,
        "name": "Basket.total",
        "base": BASE,
        "options": (WINNER, ALTERNATIVE),
        "goal": "faster",
        "evidence": ("14 of 14 tests pass, confirmed by a cold pytest run on a copy; before, 14 passed.",),
        "seconds": 12.5,
        "evaluations": 41,
        "confirmed": True,
        "created": 1769869533.0,
    }
    return Proposal.model_validate({**known, **fields})


def run(**fields: object) -> RunView:
    """A run on `Basket.total` under way."""
    known: dict[str, object] = {
        "id": "20260131-150000000-0001",
        "uri": URI,
        "name": "Basket.total",
        "evaluations": 7,
        "best": "14 of 14 passed, 1.80x",
    }
    return RunView.model_validate({**known, **fields})


def shown(
    text: str = TEXT,
    proposals: Sequence[Proposal] = (),
    *,
    decisions: Mapping[str, Decision] | None = None,
    running: Sequence[RunView] = (),
    client: Editor | None = None,
    lens_mode: LensMode = "proposals",
    declined: str | None = None,
) -> Shown:
    """A document with all that is offered in it."""
    read = outline(text)
    decided = decisions or {}
    return Shown(
        uri=URI,
        text=text,
        outline=read,
        proposals=[(each, placed(each, text, read, decided.get(each.id))) for each in proposals],
        running={view.name: view for view in running},
        client=client or Editor(),
        lens_mode=lens_mode,
        reason_declined=declined,
    )


def at(first: int, last: int | None = None, character: int = 4) -> lsp.Range:
    """A cursor in a line, or a selection up to a line."""
    end = lsp.Position(line=first if last is None else last, character=character)
    return lsp.Range(start=lsp.Position(line=first, character=character), end=end)
