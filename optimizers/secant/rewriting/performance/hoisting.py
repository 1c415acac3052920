"""Work that a loop repeats with the same result: done once before it, or not done any more.

What is moved in front of a loop runs even if the loop does not, so only what cannot fail is moved, or it is guarded by
what the loop runs over.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import match_expression, match_statement
from secant.rewriting.performance.subject import Comprehension, Iteration, Subject, length_of, names_in, range_bounds
from secant.rewriting.purity import PURE_METHODS, origin, root_name

_TOTAL = frozenset(
    [
        "sorted",
        "set",
        "frozenset",
        "list",
        "tuple",
        "sum",
        "len",
        "range",
        "dict",
        "Counter",
        "enumerate",
        "reversed",
        "str",
    ]
)
_COSTLY = frozenset(["sorted", "set", "frozenset", "list", "tuple", "sum", "max", "min", "dict", "Counter"])
_COSTLY_METHODS = frozenset(
    ["lower", "upper", "split", "strip", "replace", "join", "title", "casefold", "splitlines", "copy", "keys"]
)
_ITERATORS = frozenset(["generator", "enumerate", "zip", "map", "filter", "list_iterator", "iterator"])


def invariants(subject: Subject) -> Iterator[Rewrite | None]:
    """`for x in xs: x / max(xs)` -> `max_xs = max(xs)` before the loop.

    Applies to pure calls that walk over a whole container, whose arguments keep their contents in every pass, and whose
    result is not changed. What fails for an empty container is computed only if the loop runs.
    """
    groups: dict[str, list[tuple[ast.expr, Iteration]]] = {}
    for node in subject.nodes:
        if isinstance(node, ast.expr) and _is_costly(subject, node):
            loop = subject.outermost_invariant(node)
            if loop is not None and not _is_part_of_group(subject, node, groups) and not _changed_later(subject, node):
                groups.setdefault(ast.unparse(node), []).append((node, loop))
    for spelling, places in groups.items():
        yield _hoisted(subject, spelling, places)


def _is_costly(subject: Subject, node: ast.expr) -> bool:
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp) or _is_reduction(node):
        named = isinstance(subject.parent(node), ast.Assign) and not _is_reduction(node)
        return not named and _walks_sized(subject, node)  # what has a name is for `rebuilding` to move
    if isinstance(node, ast.BinOp):
        return any(
            isinstance(part, ast.Call) and _is_costly(subject, part) for part in (node.left, node.right)
        ) and all(
            _is_costly(subject, part) or length_of(part) is not None or isinstance(part, ast.Constant)
            for part in (node.left, node.right)
        )
    if not isinstance(node, ast.Call) or (
        node.keywords and not all(k.arg in ("key", "reverse") for k in node.keywords)
    ):
        return False
    roots = [name for argument in node.args for name in names_in(argument)]
    if any(subject.types(ast.Name(name, ast.Load())) & _ITERATORS for name in roots):
        return False
    if isinstance(node.func, ast.Name):
        known = [subject.types(argument) for argument in node.args]
        return node.func.id in _COSTLY and len(node.args) == 1 and bool(known[0] & _CONTAINERS)
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr in _COSTLY_METHODS
        and subject.is_type(node.func.value, "str")
    )


def _is_reduction(node: ast.expr) -> bool:
    """`sum(f(x) for x in xs)` and its like."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _COSTLY
        and len(node.args) == 1
        and not node.keywords
        and isinstance(node.args[0], ast.GeneratorExp | ast.ListComp)
    )


def _walks_sized(subject: Subject, node: ast.expr) -> bool:
    """Whether the comprehension runs over containers, which can be walked again, and its variables are its own."""
    generators = [part for part in ast.walk(node) if isinstance(part, ast.comprehension)]
    own = {name for generator in generators for name in names_in(generator.target)}
    roots = {root_name(_walked(generator.iter)) or "" for generator in generators} - own
    return bool(roots) and all(subject.types(ast.Name(root, ast.Load())) & _CONTAINERS for root in roots)


def _walked(iterator: ast.expr) -> ast.expr:
    """What the loop goes through in the end: `xs` of `enumerate(xs)`, `d` of `d.items()`."""
    if isinstance(iterator, ast.Call) and isinstance(iterator.func, ast.Name) and len(iterator.args) == 1:
        known = iterator.func.id in ("enumerate", "reversed", "sorted", "set", "list", "len", "range")
        return _walked(iterator.args[0]) if known else iterator
    if isinstance(iterator, ast.Call) and isinstance(iterator.func, ast.Attribute) and not iterator.args:
        return iterator.func.value if iterator.func.attr in ("items", "keys", "values") else iterator
    return iterator


def when_run(subject: Subject, node: ast.AST, loop: Iteration) -> str | None:
    """A test for whether the loop runs at all, where its first pass surely evaluates `node`; None where it may not.

    What is computed in front of the loop under this test fails exactly where the loop failed.
    """
    if not isinstance(loop, ast.For | Comprehension) or not _comes_first(subject, node, loop):
        return None
    iterator = loop.iter if isinstance(loop, ast.For) else loop.generators[0].iter
    if range_bounds(iterator) is not None and subject.is_pure(iterator):
        return ast.unparse(iterator)
    walked = _walked(iterator)
    sized = bool(subject.types(walked)) and subject.types(walked) <= _CONTAINERS
    return ast.unparse(walked) if sized and isinstance(walked, ast.Name | ast.Attribute) else None


def _comes_first(subject: Subject, node: ast.AST, loop: Iteration) -> bool:
    """Whether every pass evaluates the node, with nothing in front of it that could leave the pass."""
    child = node
    for ancestor in subject.ancestors(node):
        if ancestor is loop:
            if isinstance(loop, ast.For):
                place = next((place for place, statement in enumerate(loop.body) if statement is child), None)
                straight = (isinstance(s, ast.Assign | ast.AugAssign | ast.Expr) for s in loop.body[:place])
                return place is not None and all(straight)
            if not isinstance(loop, Comprehension) or len(loop.generators) != 1:
                return False
            first = loop.generators[0].ifs[0] if loop.generators[0].ifs else None
            return child is loop.generators[0] and first is not None and any(n is node for n in ast.walk(first))
        skips = (
            (isinstance(ancestor, ast.BoolOp) and ancestor.values[0] is not child)
            or (isinstance(ancestor, ast.IfExp | ast.If) and ancestor.test is not child)
            or (isinstance(ancestor, ast.For) and ancestor.iter is not child)
            or isinstance(ancestor, Comprehension | ast.While | ast.Lambda | ast.Try | ast.Match)
        )
        if skips and not (isinstance(ancestor, Comprehension) and child is ancestor.generators[0]):
            return False
        child = ancestor
    return False


_CONTAINERS = frozenset(
    ["list", "tuple", "set", "dict", "str", "frozenset", "range", "deque", "Counter", "defaultdict"]
)


def _is_part_of_group(subject: Subject, node: ast.expr, groups: dict[str, list[tuple[ast.expr, Iteration]]]) -> bool:
    return any(node is part for places in groups.values() for place, _ in places for part in ast.walk(place))


_READERS = (
    ast.Compare, ast.For, ast.comprehension, ast.Subscript, ast.BinOp, ast.Call, ast.FormattedValue
)  # fmt: skip
"""Nodes that look at a value and do not keep it."""


def _changed_later(subject: Subject, node: ast.expr) -> bool:
    """Whether the fresh object is given a name or stored, so that each pass may need its own."""
    parent = subject.parent(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("sum", "max", "min"):
        return False
    if _is_reduction(node):
        return False
    if isinstance(parent, ast.Attribute):
        return parent.attr not in PURE_METHODS
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
        name = parent.targets[0].id
        found = subject.effects(subject.node.body)
        return name in found.mutated or subject.escapes(name) or _is_returned(subject, name)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and not isinstance(node, ast.BinOp):
        return parent.func.attr in ("append", "add", "insert", "setdefault")
    return not isinstance(parent, _READERS)


def _is_returned(subject: Subject, name: str) -> bool:
    return any(isinstance(n, ast.Return) and n.value is not None and name in names_in(n.value) for n in subject.nodes)


def _hoisted(subject: Subject, spelling: str, places: list[tuple[ast.expr, Iteration]]) -> Rewrite | None:
    loop = places[0][1]
    node = places[0][0]
    guard = _guard(subject, loop, node)
    if guard is None:
        return None
    name = subject.free_name(_name_for(node), "unchanging")
    draft = Draft(subject)
    draft.before(subject.statement_of(loop), f"{name} = {spelling}{guard}")
    for place, around in places:
        if around is loop:
            draft.expression(place, name)
    return draft.finish("invariants", f"computes {spelling} once", 0.8)


def _guard(subject: Subject, loop: Iteration, node: ast.expr) -> str | None:
    """Nothing for what cannot fail; a condition on what the loop runs over; None where neither is known."""
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    functions = {part.func.id if isinstance(part.func, ast.Name) else "" for part in calls} - {""}
    divides = any(
        isinstance(part, ast.BinOp) and not isinstance(part.op, ast.Add | ast.Sub | ast.Mult) for part in ast.walk(node)
    )
    if isinstance(node, Comprehension) or _is_reduction(node):
        test = when_run(subject, node, loop)
        return f" if {test} else {_empty(node)}" if test is not None else None
    if functions <= _TOTAL and not divides:
        return ""
    iterator = (
        loop.generators[0].iter if isinstance(loop, Comprehension) else loop.iter if isinstance(loop, ast.For) else None
    )
    bounds = range_bounds(iterator) if iterator is not None else None
    walked = length_of(bounds[1]) if bounds is not None else iterator
    enumerated = match_expression("enumerate(_xs)", walked) if walked is not None else None
    walked = enumerated["_xs"] if enumerated else walked
    if not isinstance(walked, ast.Name) or {walked.id} != names_in(node) - functions - {"len"}:
        return None
    return f" if {walked.id} else None"


def _empty(node: ast.expr) -> str:
    """A value of the same type, so that what is known of the name stays true."""
    kinds: dict[type[ast.expr], str] = {ast.ListComp: "[]", ast.SetComp: "set()", ast.DictComp: "{}"}
    return kinds.get(type(node), "None")


def _name_for(node: ast.expr) -> str:
    """`skus` for `[p["sku"] for p in products]`, `max_xs` for `max(xs)`."""
    if isinstance(node, ast.ListComp | ast.SetComp):
        part = node.elt
        word = (
            part.slice.value
            if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant)
            else (part.attr if isinstance(part, ast.Attribute) else None)
        )
        return f"{word}s" if isinstance(word, str) and word.isidentifier() else "collected"
    if _is_reduction(node) and isinstance(node, ast.Call):
        return {"sum": "total", "max": "greatest", "min": "least"}.get(ast.unparse(node.func), "collected")
    text = "".join(c if c.isalnum() else "_" for c in ast.unparse(node)).strip("_").lower()
    while "__" in text:
        text = text.replace("__", "_")
    return text if text.isidentifier() and len(text) <= 24 else "unchanging"


_RE_FUNCTIONS = frozenset(["match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split"])


def compiled_patterns(subject: Subject) -> Iterator[Rewrite | None]:
    """`re.match("...", s)` in a loop -> the pattern compiled before the loop, `pattern.match(s)` inside.

    Applies to patterns that are written out, so that compiling them does not fail for the first time here.
    """
    draft = Draft(subject)
    names: dict[tuple[str, int], str] = {}
    for node in subject.nodes:
        path = origin(node.func, subject.facts.imports) if isinstance(node, ast.Call) else None
        if (
            not isinstance(node, ast.Call)
            or path is None
            or not path.startswith("re.")
            or path[3:] not in _RE_FUNCTIONS | {"compile"}
        ):
            continue
        loops = subject.iterations_around(node)
        flags = next((keyword.value for keyword in node.keywords if keyword.arg == "flags"), None)
        plain = (
            len(node.args) >= 1
            and isinstance(node.args[0], ast.Constant)
            and all(k.arg == "flags" for k in node.keywords)
        )
        wanted = 3 if path in ("re.sub", "re.subn") else 1 if path == "re.compile" else 2
        if not loops or not plain or len(node.args) != wanted or (flags is not None and not subject.is_pure(flags)):
            continue
        module = ast.unparse(node.func).rpartition(".")[0]
        arguments = ast.unparse(node.args[0]) + (f", {ast.unparse(flags)}" if flags is not None else "")
        key = (arguments, loops[-1].lineno)
        if key not in names:
            names[key] = subject.free_name("pattern", "pattern_")
            compiler = f"{module}.compile" if module else draft.imported("re.compile")
            draft.before(subject.statement_of(loops[-1]), f"{names[key]} = {compiler}({arguments})")
        rest = ", ".join(ast.unparse(argument) for argument in node.args[1:])
        draft.expression(node, names[key] if path == "re.compile" else f"{names[key]}.{path[3:]}({rest})")
    yield draft.finish("compiled_patterns", "compiles the pattern once", 0.6)


def early_exit(subject: Subject) -> Iterator[Rewrite | None]:
    """`for x in xs: if test: found = True` -> with a `break`.

    Applies where the test is pure, nothing else happens in the loop, the sequence can be walked again (no iterator),
    and nobody reads the loop's variable later.
    """
    for node in subject.nodes:
        if not isinstance(node, ast.For) or node.orelse or len(node.body) != 1 or getattr(node, "was_while", False):
            continue
        found = match_statement("for _x in _xs:\n    if _test:\n        _flag = _value", node)
        if found is None or not isinstance(found["_value"], ast.Constant) or not isinstance(found["_flag"], ast.Name):
            continue
        walked = subject.is_type(found["_xs"], "list", "tuple", "str", "range", "set", "dict")
        names = names_in(node.target)
        later = any(subject.is_loaded_outside(name, [node]) for name in names)
        if (
            walked
            and subject.is_pure(found["_test"])
            and found["_flag"].id not in names_in(found["_test"])
            and not later
        ):
            inner = node.body[0]
            draft = Draft(subject)
            if isinstance(inner, ast.If):
                draft.after(inner.body[-1], "break")
            yield draft.finish("early_exit", "stops at the first hit", 0.7)


def generators(subject: Subject) -> Iterator[Rewrite | None]:
    """`any([f(x) for x in xs])` -> `any(f(x) for x in xs)`, the same for `all`: stops at the answer.

    Applies where the element is pure: what is not evaluated any more is not missed.
    """
    draft = Draft(subject)
    for node in subject.nodes:
        found = match_expression("any(_list)", node) or match_expression("all(_list)", node)
        if found is None or not isinstance(found["_list"], ast.ListComp) or not subject.is_pure(found["_list"]):
            continue
        start, end = subject.source.span(found["_list"])
        if subject.source.text.encode()[start : start + 1] == b"[":
            draft.splice(start, start + 1, "")
            draft.splice(end - 1, end, "")
    yield draft.finish("generators", "stops at the answer", 0.5)
