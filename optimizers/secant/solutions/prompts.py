"""What this room asks models: for an answer to a problem, and for a critique that does not solve it.

Templates are the text files beside this one; filled by `prompting.template`, literally. Asks nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

from secant.prompting.render import Data, Prompt, Section, compose
from secant.prompting.template import SUFFIX, fill

_FIRST = "Go through the solution from its beginning, step by step."
_SECOND = (
    "Go through the solution from its answer back to its beginning, step by step, against the problem's own words."
)


def answering(problem: str, demands: Sequence[str], level: int) -> Prompt:
    """The request for a solution. `level` is that of the deepest heading that it may not reach."""
    return compose(
        Section(_template("answer_system"), {"level": str(level + 1)}),
        Section(
            _template("answer_user"),
            {
                "problem": Data("PROBLEM", problem.rstrip("\n")),
                "demands": "\n".join(f"- {demand}" for demand in demands),
            },
        ),
    )


def criticising(problem: str, solution: str, *, second: bool) -> Prompt:
    """The request for a critique; the second is read in the other direction."""
    values = {
        "problem": Data("PROBLEM", problem.rstrip("\n")),
        "solution": Data("SOLUTION", solution.rstrip("\n")),
        "manner": _SECOND if second else _FIRST,
    }
    return compose(
        Section(_template("critic_system")), Section(_template("critic_user"), values), tags=("CRITIQUE", "SEVERITY")
    )


def again(suffix: str) -> str:
    """The remark behind a request whose answer could not be read."""
    return fill(_template("critic_again"), {SUFFIX: suffix})


@cache
def _template(name: str) -> str:
    file = resources.files("secant.solutions") / "templates" / f"{name}.txt"
    return file.read_text(encoding="utf-8").removesuffix("\n")
