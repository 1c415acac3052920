"""Exponential recursion: remember what a pure recursive function has answered.

This room decides by purity alone: what reads a clock, changes an object that it did not make, or hands out objects that
somebody changes later is left as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from secant.rewriting.edit import Rewrite
from secant.rewriting.facts import Facts
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.subject import Comprehension, Scope, Subject, names_in
from secant.rewriting.purity import dotted, effects
from secant.rewriting.source import FunctionNode

_ATOMS = frozenset(["int", "str", "float", "bool", "bytes", "NoneType", "tuple", "frozenset"])
_SEQUENCES = frozenset(["list", "str", "tuple", "bytes"])
_NUMBERS = frozenset(["int", "float", "bool", "complex"])


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


def memoize(subject: Subject) -> Iterator[Rewrite | None]:
    """`def f(xs, n): ... f(xs, n - 1) + f(xs, n - 2)` -> an inner function of the parameters that change, with a dict.

    The meaning is the same because the body computes its value from the arguments alone: it changes no object that it
    did not make, calls nothing unknown, and nobody changes a result. Parameters that every recursive call passes on
    unchanged (often lists, which could not be keys) are closed over. An exception is not remembered, so it is raised
    again; the depth of the recursion is the same. It does not apply to generators, to functions with caching or other
    decorators, to a single recursive call outside of loops (nothing is asked twice), or where arguments of one place
    are seen as int and float, which are equal as keys.
    """
    recursion = recursion_of_function(subject)
    if recursion is not None and _worthwhile(recursion) and _provable(subject, recursion):
        keys = _keys(subject, recursion)
        if keys is not None:
            yield _wrapped(subject, recursion, keys)


def memoize_inner(subject: Subject) -> Iterator[Rewrite | None]:
    """The same for a recursive helper that is defined inside the function: the dict stands beside it.

    Names that the helper closes over must be parameters, or locals that are bound once, and nothing may change the
    objects that they hold.
    """
    for statement in subject.node.body:
        if not isinstance(statement, ast.FunctionDef) or statement.decorator_list:
            continue
        recursion = _recursion(statement, frozenset([statement.name]), 0)
        if recursion is None or not _worthwhile(recursion) or not _provable(subject, recursion):
            continue
        if not _is_started_once(subject, statement):
            recursion = recursion._replace(varying=recursion.parameters, has_one_start=False)
        keys = _keys(subject, recursion)
        if keys is None or not _closes_over_constants(subject, statement):
            continue
        cache = subject.free_name("answers", "known")
        draft = Draft(subject)
        _before_helper(subject, draft, statement, f"{cache} = {{}}")
        _remember(draft, recursion, keys, cache, rename=None)
        yield draft.finish("memoize", f"{statement.name} remembers its answers", 1.0)


def _before_helper(subject: Subject, draft: Draft, helper: ast.stmt, code: str) -> None:
    """In front of the blank line that sets the helper apart, where there is one."""
    place = subject.node.body.index(helper)
    if place and draft.body_start().lineno < helper.lineno:
        draft.after(subject.node.body[place - 1], code)
    else:
        draft.before(helper, code)


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
        return _recursion(node, frozenset([name]), 0)
    if "staticmethod" in decorators:
        return _recursion(node, frozenset([f"{owner}.{name}"]), 0)
    first = subject.parameters[0] if subject.parameters else "self"
    return _recursion(node, frozenset([f"{first}.{name}"]), 1)


def _recursion(node: FunctionNode, spellings: frozenset[str], bound: int) -> Recursion | None:
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
        passed = [_argument(call, place, name) for call in calls]
        if any(value is None and not isinstance(defaults.get(name), ast.Constant) for value in passed):
            return None
        if not all(isinstance(value, ast.Name) and value.id == name for value in passed) or _binds(node, name):
            varying.append(name)
    starred = any(isinstance(a, ast.Starred) for call in calls for a in call.args)
    starred = starred or any(keyword.arg is None for call in calls for keyword in call.keywords)
    if starred or not varying:
        return None
    return Recursion(node, spellings, calls, parameters, varying, defaults, bound)


def _argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    if place < len(call.args):
        return call.args[place]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _binds(node: FunctionNode, name: str) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id == name and not isinstance(part.ctx, ast.Load) for part in ast.walk(node)
    )


def _worthwhile(recursion: Recursion) -> bool:
    """Whether one call can lead to the same question twice: two recursive calls, or one in a loop."""
    if len(recursion.calls) >= 2:
        return True
    loops = [part for part in ast.walk(recursion.node) if isinstance(part, ast.For | ast.While | Comprehension)]
    return any(recursion.calls[0] in list(ast.walk(loop)) for loop in loops)


def _provable(subject: Subject, recursion: Recursion) -> bool:
    """Whether the body's value depends on the arguments alone and its results are nobody's to change."""
    node = recursion.node
    nested = [part for part in ast.walk(node) if isinstance(part, Scope) and part is not node]
    if any(not isinstance(part, ast.Lambda) for part in nested):
        return False
    if any(names_in(part.body) & set(recursion.spellings) for part in nested if isinstance(part, ast.Lambda)):
        return False
    found = effects(node.body, subject.facts, recursion.spellings)
    if found.unknown:
        return False
    owned = {name for name in found.mutated if _made_here(node, name, recursion)}
    if found.mutated - owned:
        return False
    outside = names_in(node) - set(recursion.parameters) - found.assigned
    if any(name in subject.facts.module_values and not name.isupper() and _is_changed(name, node) for name in outside):
        return False
    return _results_are_safe(recursion)


def _is_changed(name: str, node: FunctionNode) -> bool:
    return any(isinstance(part, ast.Global) and name in part.names for part in ast.walk(node))


def _made_here(node: FunctionNode, name: str, recursion: Recursion) -> bool:
    """Whether `name` is a local that only ever holds new objects (never a parameter or a remembered result)."""
    if name in recursion.parameters:
        return _only_numbers(node, name)
    values: list[ast.expr] = []
    for part in ast.walk(node):
        if isinstance(part, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in part.targets):
            values.append(part.value)
        elif isinstance(part, ast.For | ast.comprehension | ast.NamedExpr | ast.withitem):
            target = getattr(part, "target", None)
            if isinstance(target, ast.AST) and name in names_in(target):
                return False
        elif isinstance(part, ast.Tuple) and isinstance(part.ctx, ast.Store) and name in names_in(part):
            return False
    return bool(values) and all(_is_new(value, recursion) for value in values)


def _only_numbers(node: FunctionNode, name: str) -> bool:
    """A parameter that is only updated by arithmetic with constants (`n -= 1`, `n //= 2`) is bound anew each time."""
    updates = [
        part
        for part in ast.walk(node)
        if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name) and part.target.id == name
    ]
    attribute_roots = [
        part for part in ast.walk(node)
        if isinstance(part, ast.Attribute | ast.Subscript)
        and isinstance(part.value, ast.Name)
        and part.value.id == name
    ]  # fmt: skip
    return not attribute_roots and all(isinstance(part.value, ast.Constant) for part in updates)


def _is_new(value: ast.expr, recursion: Recursion) -> bool:
    if isinstance(value, ast.Constant | ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp):
        return True
    if isinstance(value, ast.BinOp | ast.Compare | ast.JoinedStr):
        return True
    if isinstance(value, ast.Call):
        if dotted(value.func) in recursion.spellings:
            return _scalar_results(recursion)
        name = value.func.id if isinstance(value.func, ast.Name) else ""
        return name in (
            "list",
            "dict",
            "set",
            "sorted",
            "len",
            "int",
            "float",
            "str",
            "deque",
            "Counter",
            "defaultdict",
        )
    if isinstance(value, ast.Subscript):
        return isinstance(value.slice, ast.Slice)
    return isinstance(value, ast.UnaryOp)


def _results_are_safe(recursion: Recursion) -> bool:
    """Whether nobody sees that several callers share one result: it is a scalar, or it is only read and copied."""
    if _scalar_results(recursion):
        return True
    tainted = _tainted(recursion)
    found = effects(recursion.node.body, Facts(), recursion.spellings)
    if tainted & found.mutated:
        return False
    return not any(
        _stores_result(part, recursion, tainted) and not _is_digested(part, recursion)
        for part in ast.walk(recursion.node)
    )


def _scalar_results(recursion: Recursion) -> bool:
    """Whether every `return` gives a number, a string or a truth value, the recursive calls assumed to do so."""
    returns = [part.value for part in ast.walk(recursion.node) if isinstance(part, ast.Return)]
    return all(value is None or _scalar(value, recursion, frozenset()) for value in returns)


def _scalar(  # noqa: PLR0911 # because each kind of node has its own
    value: ast.expr, recursion: Recursion, seen: frozenset[str]
) -> bool:
    if isinstance(value, ast.Constant | ast.Compare | ast.JoinedStr):
        return True
    if isinstance(value, ast.UnaryOp):
        return isinstance(value.op, ast.Not) or _scalar(value.operand, recursion, seen)
    if isinstance(value, ast.BinOp):
        return _scalar(value.left, recursion, seen) or _scalar(value.right, recursion, seen)
    if isinstance(value, ast.BoolOp):
        return all(_scalar(part, recursion, seen) for part in value.values)
    if isinstance(value, ast.IfExp):
        return _scalar(value.body, recursion, seen) and _scalar(value.orelse, recursion, seen)
    if isinstance(value, ast.Tuple):
        return all(_scalar(part, recursion, seen) for part in value.elts)
    if isinstance(value, ast.Call):
        name = dotted(value.func) or ""
        if name in recursion.spellings or name in (
            "len",
            "int",
            "float",
            "bool",
            "str",
            "sum",
            "any",
            "all",
            "round",
            "abs",
        ):
            return True
        if name in ("min", "max"):
            parts = [part.elt if isinstance(part, ast.GeneratorExp | ast.ListComp) else part for part in value.args]
            return any(_scalar(part, recursion, seen) for part in parts)
        return isinstance(value.func, ast.Attribute) and value.func.attr in ("join", "strip", "count", "index", "find")
    if isinstance(value, ast.Name):
        return value.id in seen or _scalar_name(value.id, recursion, seen | {value.id})
    return False


def _scalar_name(name: str, recursion: Recursion, seen: frozenset[str]) -> bool:
    if name in recursion.parameters:
        return any(
            isinstance(part, ast.BinOp) and isinstance(part.left, ast.Name) and part.left.id == name
            and isinstance(part.op, ast.Sub | ast.FloorDiv | ast.Mod)
            for part in ast.walk(recursion.node)
        )  # fmt: skip
    values: list[ast.expr] = []
    for part in ast.walk(recursion.node):
        if isinstance(part, ast.Assign | ast.AugAssign):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            values.extend(part.value for target in targets if isinstance(target, ast.Name) and target.id == name)
            if any(isinstance(target, ast.Tuple) and name in names_in(target) for target in targets):
                return False
        elif isinstance(part, ast.For | ast.comprehension | ast.NamedExpr) and name in names_in(part.target):
            return False
    return bool(values) and all(_scalar(value, recursion, seen) for value in values)


def _tainted(recursion: Recursion) -> set[str]:
    """Names that may hold a recursive result or a part of one."""
    tainted: set[str] = set()
    while True:
        before = len(tainted)
        for part in ast.walk(recursion.node):
            if isinstance(part, ast.Assign) and _mentions(part.value, recursion, tainted):
                if not isinstance(part.value, ast.BinOp | ast.ListComp | ast.List | ast.JoinedStr | ast.Compare):
                    tainted |= {name for target in part.targets for name in names_in(target)}
            elif isinstance(part, ast.For | ast.comprehension) and _mentions(part.iter, recursion, tainted):
                tainted |= names_in(part.target)
        if len(tainted) == before:
            return tainted


def _mentions(node: ast.AST, recursion: Recursion, tainted: set[str]) -> bool:
    return bool(names_in(node) & tainted) or any(
        isinstance(part, ast.Call) and dotted(part.func) in recursion.spellings for part in ast.walk(node)
    )


def _stores_result(node: ast.AST, recursion: Recursion, tainted: set[str]) -> bool:
    """Whether the node puts a recursive result itself into another object."""
    stored: list[ast.expr] = []
    if isinstance(node, ast.List | ast.Tuple | ast.Set) and isinstance(
        node.ctx if not isinstance(node, ast.Set) else ast.Load(), ast.Load
    ):
        stored = list(node.elts)
    elif isinstance(node, ast.Dict):
        stored = list(node.values)
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        stored = [node.elt]
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("append", "add", "insert")
    ):
        stored = list(node.args)
    elif isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Subscript | ast.Attribute) for target in node.targets
    ):
        stored = [node.value]
    return any(_is_result(value, recursion, tainted) for value in stored)


_DIGESTING = ("min", "max", "sum", "len", "any", "all")


def _is_digested(store: ast.AST, recursion: Recursion) -> bool:
    """Whether results are gathered in a local list that is only reduced: `options.append(f(n - 1))`, `min(options)`."""
    function = store.func if isinstance(store, ast.Call) else None
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return False
    name = function.value.id
    readers = {
        id(argument)
        for call in ast.walk(recursion.node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _DIGESTING
        for argument in call.args
    }
    receivers = {
        id(part.value) for part in ast.walk(recursion.node) if isinstance(part, ast.Attribute) and part.attr == "append"
    }
    tests = {
        id(test)
        for part in ast.walk(recursion.node)
        if isinstance(part, ast.If | ast.IfExp)
        for test in (part.test, getattr(part.test, "operand", part.test))
    }
    uses = [part for part in ast.walk(recursion.node) if isinstance(part, ast.Name) and part.id == name]
    return name not in recursion.parameters and all(
        not isinstance(use.ctx, ast.Load) or id(use) in readers | receivers | tests for use in uses
    )


def _is_result(value: ast.expr, recursion: Recursion, tainted: set[str]) -> bool:
    if isinstance(value, ast.Name):
        return value.id in tainted
    return isinstance(value, ast.Call) and dotted(value.func) in recursion.spellings


def _keys(subject: Subject, recursion: Recursion) -> list[str] | None:
    """The expression that stands for each varying parameter in the key, or None where one may not be hashable."""
    keys: list[str] = []
    for name in recursion.varying:
        key = _key(subject, recursion, name)
        if key is None:
            return None
        keys.append(key)
    return keys


def _key(subject: Subject, recursion: Recursion, name: str) -> str | None:
    known = (
        frozenset(subject.facts.variable_types.get(name, ())) if recursion.node is subject.node else frozenset[str]()
    )
    known = known or subject.types(ast.Name(name, ast.Load()))
    if len(known & _NUMBERS) > 1:
        return None
    if known and known <= _ATOMS:
        return name
    if recursion.has_one_start and not known - _SEQUENCES and _shrinks(recursion, name):
        return f"len({name})"
    if known == frozenset(["list"]):
        elements = subject.guesser.elements(ast.Name(name, ast.Load()))
        return f"tuple({name})" if elements and elements <= _ATOMS and len(elements) == 1 else None
    return name if not known and name in _integers(recursion) else None


def _shrinks(recursion: Recursion, name: str) -> bool:
    """Whether every call passes the parameter itself or an end of it, always the same end.

    Then its length says which part of the first argument it is, and can stand for it in the key.
    """
    ends: set[bool] = set()
    for value in _passed(recursion, name):
        if isinstance(value, ast.Name) and value.id == name:
            continue
        cut = value.slice if isinstance(value, ast.Subscript) else None
        whole = isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and value.value.id == name
        if (
            not whole
            or not isinstance(cut, ast.Slice)
            or cut.step is not None
            or (cut.lower is None) == (cut.upper is None)
        ):
            return False
        ends.add(cut.lower is None)
    return len(ends) == 1 and not _binds(recursion.node, name)


def _passed(recursion: Recursion, name: str) -> list[ast.expr]:
    place = recursion.parameters.index(name) - recursion.bound
    values = [_argument(call, place, name) for call in recursion.calls]
    return [value for value in values if value is not None]


def _integers(recursion: Recursion) -> set[str]:
    """Parameters that are plainly integers: every call gives them integer arithmetic of such parameters."""
    names = set(recursion.varying)
    while True:
        kept = {name for name in names if all(_is_arithmetic(value, names) for value in _passed(recursion, name))}
        if kept == names:
            return names
        names = kept


def _is_arithmetic(value: ast.expr, integers: set[str]) -> bool:
    if isinstance(value, ast.Name):
        return value.id in integers
    if isinstance(value, ast.Constant):
        return type(value.value) is int
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub | ast.Add | ast.FloorDiv):
        integer = isinstance(value.right, ast.Constant) and type(value.right.value) is int
        return integer and _is_arithmetic(value.left, integers)
    return False


def _is_started_once(subject: Subject, helper: ast.FunctionDef) -> bool:
    """Whether the helper is called from one place outside of itself, and not in a loop."""
    inside = {id(part) for part in ast.walk(helper)}
    outside = [
        n for n in ast.walk(subject.node) if isinstance(n, ast.Name) and n.id == helper.name and id(n) not in inside
    ]
    call = subject.parent(outside[0]) if len(outside) == 1 else None
    return isinstance(call, ast.Call) and call.func is outside[0] and not subject.iterations_around(call)


def _closes_over_constants(subject: Subject, helper: ast.FunctionDef) -> bool:
    """Whether what the helper reads from around it stays the same for as long as the dict lives."""
    own = {argument.arg for argument in ast.walk(helper) if isinstance(argument, ast.arg)}
    own |= {n.id for n in ast.walk(helper) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)} | {
        helper.name
    }
    free = names_in(helper) - own
    after = subject.node.body[subject.node.body.index(helper) + 1 :]
    changed = subject.effects(after, [helper.name])
    if free & (changed.assigned | changed.mutated):
        return False
    return not changed.unknown or all(
        subject.hashable(ast.Name(name, ast.Load())) or name in subject.facts.imports or not subject.bindings(name)
        for name in free
    )


def _wrapped(subject: Subject, recursion: Recursion, keys: list[str]) -> Rewrite | None:
    """The body moved into an inner function of the varying parameters, one level deeper."""
    draft = Draft(subject)
    body = subject.source.node.body
    first, last = draft.body_start(), body[-1]
    if _multiline_string(subject, first, last):
        return None
    inner = subject.free_name(f"{subject.node.name}_of", f"solve_{subject.node.name}")
    cache = subject.free_name("answers", "known")
    margin = subject.source.indent + draft.unit
    parameters = ", ".join(
        f"{name}={ast.unparse(recursion.defaults[name])}" if _needs_default(recursion, name) else name
        for name in recursion.varying
    )
    start, _ = subject.source.line_span(first.lineno, first.lineno)
    _, end = subject.source.line_span(last.lineno, last.end_lineno or last.lineno)
    draft.splice(start, start, f"{margin}{cache} = {{}}\n\n{margin}def {inner}({parameters}):\n")
    _remember(draft, recursion, keys, cache, rename=inner)
    for line in range(first.lineno, (last.end_lineno or last.lineno) + 1):
        begin, stop = subject.source.line_span(line, line)
        if subject.source.text.encode()[begin:stop].strip():
            draft.splice(begin, begin, draft.unit)
    newline = "\n" if subject.source.text.encode()[:end].endswith(b"\n") else "\n\n"
    draft.splice(end, end, f"{newline}{margin}return {inner}({', '.join(recursion.varying)})\n")
    return draft.finish("memoize", f"{subject.node.name} remembers its answers", 1.0)


def _needs_default(recursion: Recursion, name: str) -> bool:
    place = recursion.parameters.index(name) - recursion.bound
    return name in recursion.defaults and any(_argument(call, place, name) is None for call in recursion.calls)


def _multiline_string(subject: Subject, first: ast.stmt, last: ast.stmt) -> bool:
    """Whether a string of the moved lines spans several of them: indenting it would change it."""
    return any(
        isinstance(part, ast.Constant | ast.JoinedStr) and part.end_lineno != part.lineno
        for statement in subject.source.node.body
        if first.lineno <= statement.lineno <= last.lineno
        for part in ast.walk(statement)
    )


def _remember(draft: Draft, recursion: Recursion, keys: list[str], cache: str, rename: str | None) -> None:
    """Looks the key up on entry, stores what is returned, renames the recursive calls and drops what is closed over."""
    subject = draft.subject
    node = recursion.node
    first = draft.body_start() if rename else node.body[0]
    composite = len(keys) > 1 or keys[0] != recursion.varying[0] or _binds(node, recursion.varying[0])
    key = subject.free_name("key", "question") if composite else keys[0]
    assignment = f"{key} = {keys[0] if len(keys) == 1 else '(' + ', '.join(keys) + ')'}\n" if composite else ""
    draft.before(first, f"{assignment}if {key} in {cache}:\n    return {cache}[{key}]", depth=1 if rename else 0)
    for part in ast.walk(node):
        if isinstance(part, ast.Return) and part.value is not None and _is_worked_for(part, part.value, recursion):
            _store(draft, part.value, cache, key)
    if rename:
        for call in recursion.calls:
            _rename(draft, call, recursion, rename)


def _is_worked_for(statement: ast.Return, value: ast.expr, recursion: Recursion) -> bool:
    """Whether the answer took some work: more than a constant or a parameter, or given behind a recursive call."""
    simple = isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id in recursion.parameters)
    return not simple or statement.lineno >= min(call.lineno for call in recursion.calls)


def _store(draft: Draft, value: ast.expr, cache: str, key: str) -> None:
    start, end = draft.source.span(value)
    if isinstance(value, ast.Tuple | ast.GeneratorExp) and not draft.source.segment(value).startswith("("):
        draft.splice(start, start, f"{cache}.setdefault({key}, (")
        draft.splice(end, end, "))")
    else:
        draft.splice(start, start, f"{cache}.setdefault({key}, ")
        draft.splice(end, end, ")")


def _rename(draft: Draft, call: ast.Call, recursion: Recursion, inner: str) -> None:
    """`f(xs, n - 1)` -> `f_of(n - 1)`: the arguments that never change go away."""
    draft.expression(call.func, inner)
    gone: list[ast.expr | ast.keyword] = []
    kept: list[ast.expr | ast.keyword] = []
    for place, argument in enumerate(call.args):
        name = recursion.parameters[recursion.bound + place]
        (kept if name in recursion.varying else gone).append(argument)
    for keyword in call.keywords:
        (kept if keyword.arg in recursion.varying else gone).append(keyword)
    if not gone:
        return
    everything: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    for place, argument in enumerate(everything):
        if any(argument is item for item in gone):
            start, end = draft.source.span(argument)
            if place + 1 < len(everything):
                end = draft.source.span(everything[place + 1])[0]
            elif kept:
                start = draft.source.span(kept[-1])[1] if any(kept[-1] is e for e in everything[:place]) else start
                before = everything[place - 1]
                start = draft.source.span(before)[1] if any(before is item for item in kept) else start
            draft.splice(start, end, "")
