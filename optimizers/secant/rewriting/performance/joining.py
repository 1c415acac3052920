"""A scan inside a loop that looks for equal keys: a dict of the scanned items by key, built once.

This is the hash join of databases. The comparison itself stays in the text, so what the dict offers is checked again:
NaN, which is unequal to itself, is offered and rejected, as before.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.inference import HASHABLE
from secant.rewriting.performance.linear import equals
from secant.rewriting.performance.matching import match_expression
from secant.rewriting.performance.membership import counts_up
from secant.rewriting.performance.scans import is_said_shorter
from secant.rewriting.performance.subject import Iteration, Subject, names_in, range_bounds
from secant.rewriting.performance.sums import is_place
from secant.rewriting.purity import root_name


class Scan(NamedTuple):
    """An inner loop (or a comprehension's `for`) whose work is done only for items with `key` equal to `sought`."""

    holder: ast.For | ast.comprehension
    key: ast.expr
    sought: str
    needs_int: bool
    """Whether the equality was solved for the key by adding or subtracting, which is exact for integers only."""
    around: list[Iteration]
    also: str | None = None
    """A second key that satisfies the comparison: `abs(a - b) == k` has two."""


class Reach(NamedTuple):
    """What a scan runs over: the part that is the same in every pass, and where it begins or ends within that."""

    whole: ast.expr
    begin: ast.expr | None = None
    end: ast.expr | None = None


def joins(subject: Subject) -> Iterator[Rewrite | None]:
    """`for a in xs: for b in ys: if a.k == b.k: ...` -> `for b in by_key.get(a.k, ()): if a.k == b.k: ...`.

    The items of one key keep their order, so matches come in the same order; the others did nothing. Applies where the
    inner sequence and the keys stay as they are while the outer loop runs and nobody reads the inner variable later.
    Also to `xs[i] + xs[j] == t`, which is `xs[j] == t - xs[i]` for integers, to `abs(xs[i] - xs[j]) == k`, and to inner
    loops that begin at `i + 1` or end at `i`. In `any(a == b for ...)` and `all(a != b for ...)` the element is the
    condition. If a key cannot be computed or hashed, the whole sequence is scanned as before.
    """
    for node in subject.nodes:
        if is_said_shorter(subject, node):
            continue
        if isinstance(node, ast.For) and not getattr(node, "was_while", False):
            conditions = _conditions_of_loop(subject, node)
        elif isinstance(node, ast.comprehension):
            no_aliases: dict[str, ast.expr] = {}
            conditions = ([*_conjuncts(node.ifs), *_deciding(subject, node)], no_aliases)
        else:
            continue
        if conditions is not None:
            scan = _scan(subject, node, *conditions)
            if scan is not None:
                yield _joined(subject, scan)


def _conditions_of_loop(subject: Subject, loop: ast.For) -> tuple[list[ast.expr], dict[str, ast.expr]] | None:
    """What must hold for the body to do anything, and the names that its first lines give to expressions."""
    aliases: dict[str, ast.expr] = {}
    body = list(loop.body)
    while body and isinstance(body[0], ast.Assign) and len(body) > 1:
        target = body[0].targets[0]
        if not isinstance(target, ast.Name) or len(body[0].targets) > 1 or not subject.is_pure(body[0].value):
            return None
        aliases[target.id] = body.pop(0).value  # type: ignore[attr-defined]
    if any(subject.is_loaded_outside(name, [loop]) or len(subject.bindings(name)) > 1 for name in aliases):
        return None
    if len(body) == 1 and isinstance(body[0], ast.If) and not body[0].orelse:
        return _conjuncts([body[0].test]), aliases
    if body and isinstance(body[0], ast.If) and not body[0].orelse and len(body[0].body) == 1:
        test = body[0].test
        unequal = isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.NotEq)
        if isinstance(body[0].body[0], ast.Continue) and unequal and isinstance(test, ast.Compare):
            return [ast.Compare(test.left, [ast.Eq()], test.comparators)], aliases
    return None


def _deciding(subject: Subject, generator: ast.comprehension) -> list[ast.expr]:
    """The comparison that an element of `any`, `all` or `sum` is, as what must hold for the element to matter."""
    comprehension = subject.parent(generator)
    call = subject.parent(comprehension) if comprehension is not None else None
    if not isinstance(comprehension, ast.GeneratorExp | ast.ListComp) or comprehension.generators[-1] is not generator:
        return []
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and len(call.args) == 1):
        return []
    if call.func.id in ("any", "sum"):
        return [comprehension.elt]
    test = comprehension.elt
    if call.func.id == "all" and isinstance(test, ast.Compare) and len(test.ops) == 1:
        return [ast.Compare(test.left, [ast.Eq()], test.comparators)] if isinstance(test.ops[0], ast.NotEq) else []
    return []


def _conjuncts(tests: list[ast.expr]) -> list[ast.expr]:
    flat: list[ast.expr] = []
    for test in tests:
        flat.extend(
            _conjuncts(test.values) if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
        )
    return flat


def _is_joined(iterator: ast.expr) -> bool:
    """Whether the loop runs over what an earlier rewrite found in its dict."""
    return isinstance(iterator, ast.IfExp) or any(
        isinstance(n, ast.Attribute) and n.attr == "get" for n in ast.walk(iterator)
    )


def _scan(
    subject: Subject, node: ast.For | ast.comprehension, tests: list[ast.expr], aliases: dict[str, ast.expr]
) -> Scan | None:
    targets = names_in(node.target)
    if _is_joined(node.iter):
        return None
    if isinstance(node, ast.For) and any(subject.is_loaded_outside(name, [node]) for name in targets):
        return None
    around = _around(subject, node)
    for place, test in enumerate(tests):
        if not all(subject.is_pure(earlier) for earlier in tests[: place + 1]):
            return None
        if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
            continue
        left, right = _inlined(test.left, aliases), _inlined(test.comparators[0], aliases)
        solved = _solved(left, right, targets)
        if solved is not None:
            return _checked(subject, Scan(node, *solved, around))
        apart = _apart(left, right, targets) or _apart(right, left, targets)
        if apart is not None and range_bounds(node.iter) is not None:
            return _checked(subject, Scan(node, apart[0], apart[1], True, around, apart[2]))
    return None


def _around(subject: Subject, node: ast.For | ast.comprehension) -> list[Iteration]:
    around = subject.iterations_around(node.iter)
    return [loop for loop in around if loop is not node]


class _Inliner(ast.NodeTransformer):
    def __init__(self, values: dict[str, ast.expr]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return copy.deepcopy(self.values.get(node.id, node))


def _inlined(node: ast.expr, values: dict[str, ast.expr]) -> ast.expr:
    for _ in values:
        node = _Inliner(values).visit(copy.deepcopy(node))
    return node


def _solved(left: ast.expr, right: ast.expr, targets: set[str]) -> tuple[ast.expr, str, bool] | None:
    """The equality solved for the part that depends on the inner variable."""
    for one, other in ((left, right), (right, left)):
        if names_in(other) & targets or not names_in(one) & targets:
            continue
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "abs":
            continue
        if not isinstance(one, ast.BinOp) or not isinstance(one.op, ast.Add | ast.Sub):
            return (one, ast.unparse(other), False)
        inner_left, inner_right = bool(names_in(one.left) & targets), bool(names_in(one.right) & targets)
        if inner_left and inner_right:
            return (one, ast.unparse(other), False)
        key, rest = (one.left, one.right) if inner_left else (one.right, one.left)
        outer = _parenthesized(other)
        if isinstance(one.op, ast.Add):
            return (key, f"{outer} - {_parenthesized(rest)}", True)
        return (key, f"{outer} + {_parenthesized(rest)}" if inner_left else f"{_parenthesized(rest)} - {outer}", True)
    return None


def _apart(distance: ast.expr, size: ast.expr, targets: set[str]) -> tuple[ast.expr, str, str] | None:
    """The inner part of `abs(a - b) == k`, and the two values that it may have."""
    if not (isinstance(distance, ast.Call) and ast.unparse(distance.func) == "abs" and len(distance.args) == 1):
        return None
    inside = distance.args[0]
    if not (isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Sub)) or names_in(size) & targets:
        return None
    for key, other in ((inside.left, inside.right), (inside.right, inside.left)):
        if names_in(key) & targets and not names_in(other) & targets:
            centre, width = _parenthesized(other), _parenthesized(size)
            return key, f"{centre} - {width}", f"{centre} + {width}"
    return None


def _parenthesized(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if isinstance(node, ast.Name | ast.Constant | ast.Subscript | ast.Attribute | ast.Call) else f"({text})"


def _checked(subject: Subject, scan: Scan) -> Scan | None:
    """The scan with the loops that the dict may be built in front of; None if there is none."""
    if ast.unparse(scan.key).startswith("sorted(") and scan.sought.startswith("sorted("):
        key = ast.Call(ast.Name("tuple", ast.Load()), [scan.key], [])
        scan = scan._replace(key=key, sought=f"tuple({scan.sought})")
    known = subject.hashable(scan.key)
    if known is False or (scan.needs_int and not _exact(subject, scan)):
        return None
    names = ast.Tuple([_reach(subject, scan).whole, *_free_names(scan)], ast.Load())
    outer: list[Iteration] = []
    for loop in scan.around:
        if not subject.is_invariant(names, loop) or _changes_key(subject, loop, scan.key):
            break
        outer.append(loop)
    if not outer or (isinstance(scan.holder, ast.For) and not isinstance(outer[-1], ast.For | ast.While)):
        return None
    return scan._replace(around=outer)


def _free_names(scan: Scan) -> list[ast.expr]:
    targets = names_in(scan.holder.target)
    return [ast.Name(name, ast.Load()) for name in sorted(names_in(scan.key) - targets)]


def _reach(subject: Subject, scan: Scan) -> Reach:
    """What is indexed; the places from `i + 1` on, or those before `i`, are a part of it."""
    bounds = range_bounds(scan.holder.iter)
    if bounds is None:
        return Reach(scan.holder.iter)
    start, stop = bounds
    if not isinstance(start, ast.Constant) and counts_up(subject, start):
        return Reach(ast.Call(ast.Name("range", ast.Load()), [stop], []), begin=start)
    if isinstance(start, ast.Constant) and isinstance(stop, ast.Name) and counts_up(subject, stop):
        limit = _limit(subject, stop, scan)
        if limit is not None:
            arguments = [limit] if start.value == 0 else [start, limit]
            return Reach(ast.Call(ast.Name("range", ast.Load()), arguments, []), end=stop)
    return Reach(scan.holder.iter)


def _limit(subject: Subject, index: ast.Name, scan: Scan) -> ast.expr | None:
    """What the variable of an outer loop always stays below."""
    around = {id(generator) for loop in scan.around for generator in getattr(loop, "generators", [loop])}
    for binding in subject.bindings(index.id):
        parent = subject.parent(binding)
        loop = subject.parent(parent) if isinstance(parent, ast.Tuple) else parent
        if not isinstance(loop, ast.For | ast.comprehension) or len(subject.bindings(index.id)) != 1:
            return None
        if id(loop) not in around:
            return None
        bounds = range_bounds(loop.iter)
        if bounds is not None and parent is loop:
            return bounds[1]
        found = match_expression("enumerate(_xs)", loop.iter)
        if found and isinstance(parent, ast.Tuple):
            return ast.Call(ast.Name("len", ast.Load()), [found["_xs"]], [])
    return None


def _exact(subject: Subject, scan: Scan) -> bool:
    """Whether all that is added and compared is known to be integers."""
    equation = ast.parse(scan.sought, mode="eval").body
    parts = [equation.left, equation.right] if isinstance(equation, ast.BinOp) else []
    unknown = [part for part in parts if not subject.is_type(part, "int", "bool")]
    root = root_name(scan.key)
    return len(unknown) <= 1 and all(isinstance(part, ast.Subscript) and root_name(part) == root for part in unknown)


def _changes_key(subject: Subject, loop: Iteration, key: ast.expr) -> bool:
    """Whether the loop stores to an attribute or subscript like one that the key reads."""
    fields = {part.attr for part in ast.walk(key) if isinstance(part, ast.Attribute)}
    constants = {repr(p.value) for p in ast.walk(key) if isinstance(p, ast.Constant)}
    for node in ast.walk(loop):
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load) and node.attr in fields:
            return True
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            root = root_name(node) or "?"
            harmless = isinstance(node.slice, ast.Constant) and repr(node.slice.value) not in constants
            if not harmless and not subject.is_fresh(root) and not isinstance(key, ast.Name):
                return True
    return False


def _joined(subject: Subject, scan: Scan) -> Rewrite | None:
    reach = _reach(subject, scan)
    name = subject.free_name("by_key", "places_by_key")
    draft = Draft(subject)
    guarded = not _is_hashable(subject, scan) or (scan.needs_int and not subject.is_type(scan.key, "int", "bool"))
    usable = _usable(subject, scan, name, guarded)
    draft.before(subject.statement_of(scan.around[-1]), _built(subject, scan, name, reach.whole, guarded))
    found = f"{name}.get({scan.sought}, ())"
    if scan.also is not None:
        found = f"sorted({{*{found}, *{name}.get({scan.also}, ())}})"
    if isinstance(scan.holder, ast.For):
        found = _cut(draft, scan.holder, reach, found, usable)
    choice = f"{found} if {usable} else {ast.unparse(scan.holder.iter)}" if usable else found
    if isinstance(scan.holder, ast.comprehension):
        choice = (f"({choice})" if usable else choice) + _bounded(scan.holder, reach)
    draft.expression(scan.holder.iter, choice)
    return draft.finish("joins", "finds equal keys in a dict", 0.93)


def _cut(draft: Draft, loop: ast.For, reach: Reach, found: str, usable: str) -> str:
    """The places of one key that are within the reach; they are in order, so their ends are found by bisection."""
    bound = reach.begin or reach.end
    if bound is None:
        return found
    places = draft.subject.free_name("places", "places_")
    bisect = draft.imported("bisect.bisect_left")
    draft.before(loop, f"{places} = {found} if {usable} else ()" if usable else f"{places} = {found}")
    end = f"{bisect}({places}, {ast.unparse(bound)})"
    return f"{places}[{end}:]" if reach.begin is not None else f"{places}[:{end}]"


def _bounded(generator: ast.comprehension, reach: Reach) -> str:
    """The condition that keeps a generator within its reach."""
    place = ast.unparse(generator.target)
    if reach.begin is not None:
        return f" if {place} >= {ast.unparse(reach.begin)}"
    return f" if {place} < {ast.unparse(reach.end)}" if reach.end is not None else ""


def _usable(subject: Subject, scan: Scan, name: str, guarded: bool) -> str:
    """When the dict may be asked: it has keys, and what is sought can be hashed. Empty where both are sure."""
    sought = ast.parse(scan.sought, mode="eval").body
    same_kind = scan.needs_int or scan.sought.startswith("tuple(") or root_name(sought) == root_name(scan.key)
    hashable = same_kind or subject.hashable(sought)
    if hashable:
        return name if guarded or not _cannot_fail(subject, sought) else ""
    return f"{name} and {_parenthesized(sought)}.__hash__"


def _cannot_fail(subject: Subject, sought: ast.expr) -> bool:
    """Whether computing what is sought is safe even where the scan would have had nothing to compare it with."""
    if isinstance(sought, ast.Subscript) and isinstance(sought.slice, ast.Name):
        return isinstance(sought.value, ast.Name) and is_place(subject, sought.slice, sought.value)
    return isinstance(sought, ast.Name)


def _is_hashable(subject: Subject, scan: Scan) -> bool:
    """Whether every key is known to be hashable and to be computed without an error."""
    types = subject.types(scan.key)
    safe = isinstance(scan.key, ast.Name) or (
        isinstance(scan.key, ast.Subscript)
        and isinstance(scan.key.slice, ast.Name)
        and range_bounds(scan.holder.iter) is not None
    )
    return safe and bool(types) and types <= HASHABLE - {"tuple"}


def _built(subject: Subject, scan: Scan, name: str, whole: ast.expr, guarded: bool) -> str:
    """The statements that fill the dict, with names of their own."""
    renamed: dict[str, ast.expr] = {}
    for target in sorted(names_in(scan.holder.target)):
        renamed[target] = ast.Name(subject.free_name(f"{target}_", f"{target}_other"), ast.Load())
    key = ast.unparse(_inlined_once(scan.key, renamed))
    target = ast.unparse(_inlined_once(scan.holder.target, renamed))
    if isinstance(scan.holder.target, ast.Name):
        lines = [f"for {target} in {ast.unparse(whole)}:", f"    {name}.setdefault({key}, []).append({target})"]
    else:
        item = subject.free_name("item", "entry")
        lines = [
            f"for {item} in {ast.unparse(whole)}:",
            f"    {target} = {item}",
            f"    {name}.setdefault({key}, []).append({item})",
        ]
    filling = "\n".join(lines)
    if not guarded:
        return f"{name} = {{}}\n{filling}"
    return _guarded(subject, scan, name, filling)


def _guarded(subject: Subject, scan: Scan, name: str, filling: str) -> str:
    """The dict filled if that can be done, empty otherwise; an empty one is not asked."""
    inner = "\n".join("    " + line for line in filling.split("\n"))
    items = _keys_of_places(subject, scan)
    value = subject.free_name("value", "value_")
    if scan.needs_int and items is not None:
        return f"{name} = {{}}\nif all(type({value}) is int for {value} in {items}):\n{inner}"
    failures = (
        "TypeError:  # a key cannot be hashed"
        if items is not None
        else ("(TypeError, LookupError, AttributeError):  # no dict of these keys: scan")
    )
    code = f"{name} = {{}}\ntry:\n{inner}\nexcept {failures}\n    {name} = {{}}"
    if scan.needs_int:
        code += f"\nif not all(type({value}) is int for {value} in {name}):\n    {name} = {{}}"
    return code


def _keys_of_places(subject: Subject, scan: Scan) -> str | None:
    """`xs` where the keys are its elements, taken by themselves or by their places."""
    target, key = scan.holder.target, scan.key
    if isinstance(target, ast.Name) and isinstance(key, ast.Name) and key.id == target.id:
        return ast.unparse(scan.holder.iter)
    if isinstance(key, ast.Subscript) and isinstance(key.slice, ast.Name) and isinstance(key.value, ast.Name):
        places = range_bounds(_reach(subject, scan).whole)
        whole = places is not None and equals(subject, places[1], **{f"len({key.value.id})": 1})
        return key.value.id if whole and subject.is_type(key.value, "list", "tuple") else None
    return None


def _inlined_once(node: ast.expr, values: dict[str, ast.expr]) -> ast.expr:
    return _Inliner(values).visit(copy.deepcopy(node))
