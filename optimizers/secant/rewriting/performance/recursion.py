"""How a function calls itself: which parameters change on the way down, and whether anything can be asked twice."""

from __future__ import annotations

import ast
from typing import NamedTuple

from secant.rewriting.performance.subject import Comprehension, Subject
from secant.rewriting.purity import dotted
from secant.rewriting.source import FunctionNode


class Recursion(NamedTuple):
    """A function that calls itself, and which of its parameters change on the way down."""

    node: FunctionNode
    spellings: frozenset[str]
    calls: list[ast.Call]
    parameters: list[str]
    varying: list[str]
    defaults: dict[str, ast.expr]
    bound: int
    """How many leading parameters (`self`) a call does not spell out."""
    has_one_start: bool = True
    """Whether one call from outside begins everything that one dict remembers."""


def recursion_of_function(subject: Subject) -> Recursion | None:
    """How the function calls itself; None where it does not, or in a way that is not plain."""
    node = subject.node
    if isinstance(node, ast.AsyncFunctionDef):
        return None
    name, owner = node.name, subject.facts.class_name
    decorators = {dotted(decorator) for decorator in node.decorator_list}
    if decorators - {"staticmethod", "classmethod"}:
        return None
    if owner is None:
        return recursion_in(node, frozenset([name]), 0)
    if "staticmethod" in decorators:
        return recursion_in(node, frozenset([f"{owner}.{name}"]), 0)
    first = subject.parameters[0] if subject.parameters else "self"
    return recursion_in(node, frozenset([f"{first}.{name}"]), 1)


def recursion_in(node: FunctionNode, spellings: frozenset[str], bound: int) -> Recursion | None:
    """How the function recurs, or None where that is not plain: starred arguments, its name used as a value."""
    arguments = node.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
        return None
    parameters = [argument.arg for argument in arguments.args]
    first_default = len(parameters) - len(arguments.defaults)
    defaults = dict(zip(parameters[first_default:], arguments.defaults, strict=True))
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call) and dotted(part.func) in spellings]
    mentions = [part for part in ast.walk(node) if dotted(part) in spellings]
    if not calls or len(mentions) != len(calls):
        return None
    varying: list[str] = []
    for place, name in enumerate(parameters[bound:]):
        passed = [argument_of(call, place, name) for call in calls]
        if any(value is None and not isinstance(defaults.get(name), ast.Constant) for value in passed):
            return None
        if not all(isinstance(value, ast.Name) and value.id == name for value in passed) or binds(node, name):
            varying.append(name)
    starred = any(isinstance(a, ast.Starred) for call in calls for a in call.args)
    starred = starred or any(keyword.arg is None for call in calls for keyword in call.keywords)
    if starred or not varying:
        return None
    return Recursion(node, spellings, calls, parameters, varying, defaults, bound)


def argument_of(call: ast.Call, place: int, name: str) -> ast.expr | None:
    if place < len(call.args):
        return call.args[place]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def arguments_for(recursion: Recursion, name: str) -> list[ast.expr]:
    place = recursion.parameters.index(name) - recursion.bound
    values = [argument_of(call, place, name) for call in recursion.calls]
    return [value for value in values if value is not None]


def binds(node: FunctionNode, name: str) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id == name and not isinstance(part.ctx, ast.Load) for part in ast.walk(node)
    )


def asks_twice(recursion: Recursion) -> bool:
    """Whether one call can lead to the same question twice: two recursive calls, or one in a loop."""
    if len(recursion.calls) >= 2:
        return True
    loops = [part for part in ast.walk(recursion.node) if isinstance(part, ast.For | ast.While | Comprehension)]
    return any(recursion.calls[0] in list(ast.walk(loop)) for loop in loops)
