"""How a run on a target begins, for each kind of targets: commands, and what they are called on buttons and in menus.

Pure. A command takes one object; what else it needs it finds out itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from lsprotocol import types as lsp

from secant.judging import Kind
from secant_server import names, sentences
from secant_server.references import Naming
from secant_server.targets import Target


class Start(NamedTuple):
    """One way to begin."""

    name: str
    """The last word of the kind of its code action."""
    button: str
    title: str
    """In a menu."""
    command: str
    argument: Mapping[str, Any]
    usual: bool = True
    """Offered by itself; others only to who asks for Secant's actions."""

    def called(self, title: str) -> lsp.Command:
        """The command under that title."""
        return lsp.Command(title=title, command=self.command, arguments=[self.argument])


def starts(uri: str, target: Target, naming: Naming | None = None) -> Sequence[Start]:
    """The ways to begin with a target, the usual first. `naming`: where its document is named as a prompt."""
    where: _Where = {"uri": uri, "position": {"line": target.line, "character": 0}}
    if naming is not None:
        at = {"line": naming.line, "character": 0}
        where = {"uri": naming.uri, "position": at, "prompt": naming.name}
    return _STARTS[target.kind](where, target)


def declined(kind: Kind) -> tuple[str, str]:
    """The name and the title of what is offered, but cannot be done."""
    return _DECLINED[kind]


_Where = Mapping[str, Any]


def _function(where: _Where, target: Target) -> Sequence[Start]:
    name, button = target.name, sentences.OPTIMIZE
    command = "secant.optimize"
    return (
        Start("optimize", button, f"Optimize '{name}' with Secant", command, where),
        Start("faster", button, f"Make '{name}' faster", command, {**where, "goal": "faster"}, usual=False),
        Start("fix", button, f"Fix '{name}'", command, {**where, "goal": "fix"}, usual=False),
    )


def _solution(where: _Where, target: Target) -> Sequence[Start]:
    title = f"Secant: Refine {names.noun('solution', target.name)}"
    return (Start("solve", sentences.REFINE, title, "secant.solve", {**where, "section": target.name}),)


def _prompt(where: _Where, target: Target) -> Sequence[Start]:
    return (
        Start("refine", sentences.REFINE_PROMPT, "Secant: Refine prompt", "secant.refine", where),
        Start("eval", sentences.SCORE, "Secant: Score prompt on its cases", "secant.eval", where),
    )


_STARTS: Mapping[Kind, Callable[[_Where, Target], Sequence[Start]]] = {
    "function": _function,
    "solution": _solution,
    "prompt": _prompt,
}
_DECLINED: Mapping[Kind, tuple[str, str]] = {
    "function": ("optimize", "Optimize with Secant"),
    "solution": ("solve", "Secant: Refine solution"),
    "prompt": ("refine", "Secant: Refine prompt"),
}
