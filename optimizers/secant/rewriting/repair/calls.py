"""Calls: the wrong function of a family, arguments that are missing, superfluous or in the wrong order, keywords."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from secant.rewriting.edit import Edit, Splice
from secant.rewriting.repair import kinds
from secant.rewriting.repair.anatomy import Anatomy, Slot
from secant.rewriting.repair.drafting import atom, called, exchange, followed, replacement, shortened
from secant.rewriting.repair.precedence import Level
from secant.rewriting.repair.priors import PRIORS

FUNCTIONS: Sequence[tuple[str, ...]] = (
    ("min", "max"),
    ("any", "all"),
    ("sum", "max", "min", "len"),
    ("sorted", "list", "reversed", "set", "tuple"),
    ("floor", "ceil", "round", "int", "trunc"),
    ("int", "float", "str", "bool"),
    ("abs", "int", "round"),
    ("list", "tuple", "set", "frozenset", "dict"),
    ("range", "len", "list"),
    ("ord", "chr", "int"),
    ("zip", "zip_longest", "product"),
    ("map", "filter"),
    ("isinstance", "issubclass"),
    ("bin", "hex", "oct", "str"),
    ("combinations", "permutations", "combinations_with_replacement", "product"),
    ("sin", "cos", "tan"),
    ("enumerate", "range", "list"),
    ("gcd", "lcm"),
    ("heappush", "heappop"),
    ("bisect_left", "bisect_right", "bisect"),
)
METHODS: Sequence[tuple[str, ...]] = (
    ("append", "extend", "remove", "insert"),
    ("append", "appendleft"),
    ("pop", "popleft"),
    ("find", "rfind", "index", "rindex", "count"),
    ("lower", "upper", "swapcase", "title", "capitalize"),
    ("strip", "lstrip", "rstrip"),
    ("startswith", "endswith"),
    ("keys", "values", "items"),
    ("add", "discard", "remove", "update"),
    ("update", "intersection_update", "difference_update"),
    ("split", "rsplit", "partition", "rpartition", "splitlines"),
    ("isdigit", "isalpha", "isalnum", "isspace", "isnumeric", "isdecimal"),
    ("isupper", "islower", "isalpha"),
    ("union", "intersection", "difference", "symmetric_difference"),
    ("issubset", "issuperset", "isdisjoint"),
    ("ljust", "rjust", "zfill", "center"),
    ("get", "pop", "setdefault"),
    ("match", "search", "fullmatch", "findall"),
    ("sort", "reverse"),
    ("sum", "mean", "max", "min"),
    ("debug", "info", "warning", "error"),
)
_DEFAULTS = ("0", "None", "[]", "''", "1", "False", "-1", "{}")
_KEYS: Sequence[tuple[str, float]] = (
    ("len", 0.8),
    ("abs", 0.6),
    ("str", 0.4),
    ("int", 0.3),
    ("str.lower", 0.5),
    ("lambda item: item[0]", 0.6),
    ("lambda item: item[1]", 0.8),
    ("lambda item: -item[1]", 0.5),
    ("lambda item: -item", 0.4),
    ("lambda item: (-item[1], item[0])", 0.4),
    ("lambda item: (item[1], item[0])", 0.4),
    ("lambda item: (len(item), item)", 0.5),
    ("lambda item: (-len(item), item)", 0.3),
    ("lambda item: item[-1]", 0.3),
    ("sum", 0.2),
)


def _families(groups: Sequence[tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    names = {name for group in groups for name in group}
    return {
        name: tuple(dict.fromkeys(other for group in groups if name in group for other in group if other != name))
        for name in sorted(names)
    }


_FUNCTION_FAMILIES = _families(FUNCTIONS)
_METHOD_FAMILIES = _families(METHODS)
_IMPORTED = frozenset({"zip_longest", "product", "permutations", "combinations", "combinations_with_replacement", "lcm",
                       "gcd", "floor", "ceil", "trunc", "sin", "cos", "tan", "heappush", "heappop", "bisect",
                       "bisect_left", "bisect_right"})  # fmt: skip


def families(function: Anatomy) -> Iterator[Edit]:
    """The wrong function or method of a family: `max` for `min`, `append` for `extend`, `rfind` for `find`."""
    for node in function.of(ast.Call):
        match node.func:
            case ast.Name(id=name):
                for position, other in enumerate(_FUNCTION_FAMILIES.get(name, ())):
                    if other not in _IMPORTED or other in function.facts.imports:
                        yield _renamed(function, node.func, name, other, 1.0 if position == 0 else 0.5)
            case ast.Attribute(attr=name, value=value):
                table = _METHOD_FAMILIES
                module = isinstance(value, ast.Name) and value.id in function.facts.imports
                for position, other in enumerate(table.get(name, ())):
                    yield _renamed(function, node.func, name, other, 1.0 if position == 0 else 0.6)
                for other in _FUNCTION_FAMILIES.get(name, ()) if module else ():
                    if other in _IMPORTED:
                        yield _renamed(function, node.func, name, other, 0.8)
            case _:
                pass


def type_names(function: Anatomy) -> Iterator[Edit]:
    """The wrong type: `list` for `tuple`, `int` for `float`, in a conversion, an `isinstance` or as a value."""
    numeric, collections = ("int", "float", "str", "bool"), ("list", "tuple", "set", "dict", "str")
    for slot in function.slots:
        if not isinstance(slot.node, ast.Name) or slot.node.id in function.visible(slot.node):
            continue
        for group in (numeric, collections):
            if slot.node.id in group:
                weight = 1.0 if slot.field != "func" else 0.4
                for other in group:
                    if other != slot.node.id:
                        yield replacement(function, "type name", slot, atom(other), weight)
                if slot.field == "args" and _asks_type(slot.parent):
                    yield replacement(function, "type name", slot, atom("(int, float)"), 0.5)


def _asks_type(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance"


def known_functions(function: Anatomy) -> Iterator[Edit]:
    """The wrong function of the project: another one of the module, another method of the class."""
    functions, methods = function.facts.module_functions, function.facts.class_methods
    called_names = dict.fromkeys(
        [*functions, *(node.func.id for node in function.of(ast.Call) if isinstance(node.func, ast.Name))]
    )
    for node in function.of(ast.Call):
        match node.func:
            case ast.Name(id=name):
                for other in called_names:
                    if other != name and len(functions.get(other, "x" * len(node.args))) >= len(node.args):
                        yield _renamed(function, node.func, name, other, 0.6)
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner == function.receiver:
                for other in methods:
                    if other != name:
                        yield _renamed(function, node.func, name, other, 0.6)
            case _:
                pass


def _renamed(function: Anatomy, node: ast.Name | ast.Attribute, old: str, new: str, weight: float) -> Edit:
    end = function.source.span(node)[1]
    splice = Splice(end - len(old.encode("utf-8")), end, new)
    note = f"{shortened(old + '()')} becomes {shortened(new + '()')}"
    return Edit("call", node.end_lineno or node.lineno, (splice,), PRIORS["call"] * weight, note)


def arguments(function: Anatomy) -> Iterator[Edit]:
    """Arguments in the wrong order, or one too many."""
    for node in function.of(ast.Call):
        parts = node.args
        for first, second in pairwise(parts):
            if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
                yield exchange(function, "argument order", first, second)
        everything = [*parts, *(keyword.value for keyword in node.keywords)]
        if len(everything) < 2 and not isinstance(node.func, ast.Attribute):
            continue
        for index in range(len(everything)):
            if splice := _without(function, node, index):
                note = f"{shortened(function.source.segment(everything[index]))} is not passed"
                yield Edit("argument deletion", node.lineno, (splice,), PRIORS["argument deletion"], note)


def _ranges(function: Anatomy, node: ast.Call) -> list[tuple[int, int]]:
    """The spans of all arguments as written, `name=` and `*` included, in the order of the text."""
    spans = [function.source.span(part) for part in (*node.args, *node.keywords)]
    return sorted(spans)


def _without(function: Anatomy, node: ast.Call, index: int) -> Splice | None:
    """Delete an argument with one of its commas; None where parentheses or comments make the span uncertain."""
    spans = _ranges(function, node)
    start, end = spans[index]
    data = function.data
    if len(spans) == 1:
        head = function.source.span(node.func)[1]
        inner = data[head : function.source.span(node)[1]].strip()
        if isinstance(node.args[0] if node.args else None, ast.GeneratorExp) or not inner.startswith(b"("):
            return None
        open_at = data.index(b"(", head)
        return Splice(open_at + 1, function.source.span(node)[1] - 1, "")
    low, high = (end, spans[index + 1][0]) if index + 1 < len(spans) else (spans[index - 1][1], start)
    between = data[low:high].strip()
    if between != b",":
        return None
    return Splice(start, high, "") if index + 1 < len(spans) else Splice(low, end, "")


def argument_insertion(function: Anatomy) -> Iterator[Edit]:
    """A missing argument: a variable, a small constant, the default of `get`, the start of `sum` or `enumerate`."""
    for node in function.of(ast.Call):
        if any(isinstance(part, ast.GeneratorExp) and function.alone(part) for part in node.args):
            continue
        taken = {part.id for part in node.args if isinstance(part, ast.Name)}
        name = _name(node)
        wanted = len(function.facts.module_functions.get(name, ())) > len(node.args) + len(node.keywords)
        names = [other for other in function.visible(node) if other not in taken]
        for position in range(len(node.args) + 1):
            end = position == len(node.args)
            for other in names:
                weight = 1.0 if wanted else 0.3
                yield _inserted(function, node, position, other, weight)
            for text in (
                ("0", "1", "-1", "2", "''", "' '", "','", "'0'", "None", "True", "[]") if end or not position else ()
            ):
                yield _inserted(function, node, position, text, 0.5 if wanted else 0.25)


def _name(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _inserted(function: Anatomy, node: ast.Call, position: int, text: str, weight: float) -> Edit:
    note = f"{shortened(text)} is passed to {shortened(_name(node) + '()')}"
    return Edit("argument insertion", node.lineno, (_insertion(function, node, position, text),),
                PRIORS["argument insertion"] * weight, note)  # fmt: skip


def _insertion(function: Anatomy, node: ast.Call, position: int, text: str) -> Splice:
    """Insert an argument before the one at `position`, or behind the last positional one."""
    head = function.source.span(node.func)[1]
    open_at = function.data.index(b"(", head) + 1 if not function.enclosed(node.func) else None
    if open_at is None:
        closing = function.data.index(b")", head)
        open_at = function.data.index(b"(", closing) + 1
    if position == 0:
        return Splice(open_at, open_at, f"{text}, " if node.args or node.keywords else text)
    end = _behind(function, node, node.args[position - 1])
    return Splice(end, end, f", {text}")


def _behind(function: Anatomy, node: ast.Call, argument: ast.expr) -> int:
    """The offset behind an argument and the parentheses of its own."""
    end = function.source.span(argument)[1]
    spans = [start for start, _ in _ranges(function, node) if start >= end]
    limit = spans[0] if spans else function.source.span(node)[1] - 1
    tail = function.data[end:limit]
    for index, byte in enumerate(tail):
        if byte in b"#,":
            tail = tail[:index]
            break
    return end + tail.rfind(b")") + 1


def defaults(function: Anatomy) -> Iterator[Edit]:
    """The default of `get`, `pop`, `next`, `max`, `sum` or `enumerate`; `d[k]` where `d.get(k, 0)` was meant."""
    for slot in function.slots:
        match slot.node:
            case ast.Call(func=ast.Attribute(attr="get" | "pop"), args=[_], keywords=[]):
                for text in _DEFAULTS:
                    splice = _insertion(function, slot.node, 1, text)
                    note = f"default {shortened(text)}"
                    yield Edit("default", slot.node.lineno, (splice,), PRIORS["default"], note)
            case ast.Call(func=ast.Name(id="max" | "min"), args=[single], keywords=[]) if not isinstance(
                single, ast.GeneratorExp
            ):
                for text in ("0", "None", "1", "''"):
                    splice = _insertion(function, slot.node, 1, f"default={text}")
                    note = f"{shortened('default=' + text)} is passed"
                    yield Edit("default", slot.node.lineno, (splice,), PRIORS["default"] * 0.6, note)
            case ast.Call(func=ast.Name(id="enumerate"), args=[_], keywords=[]):
                splice = _insertion(function, slot.node, 1, "1")
                yield Edit("default", slot.node.lineno, (splice,), PRIORS["default"], "starts at 1")
            case ast.Call(func=ast.Name(id="next" | "round" | "sum"), args=[single], keywords=[]) if not isinstance(
                single, ast.GeneratorExp
            ):
                for text in ("None", "0", "1", "2", "[]"):
                    splice = _insertion(function, slot.node, 1, text)
                    note = f"{shortened(text)} is passed"
                    yield Edit("default", slot.node.lineno, (splice,), PRIORS["default"] * 0.5, note)
            case ast.Subscript(value=ast.Name() as owner, slice=key) if not isinstance(key, ast.Slice | ast.Tuple):
                if kinds.may_be(function.kind(owner), kinds.MAPPING):
                    for text in ("0", "None", "[]", "''", "1", "False"):
                        suffix = f".get({function.text(key)}, {text})"
                        yield replacement(function, "default", slot, followed(function, owner, suffix), 0.5)
            case _:
                pass


def keywords(function: Anatomy) -> Iterator[Edit]:
    """`reverse=True` missing; a `key=` that is missing or wrong."""
    for node in function.of(ast.Call):
        name = _name(node)
        present = {keyword.arg for keyword in node.keywords}
        alone = any(isinstance(part, ast.GeneratorExp) and function.alone(part) for part in node.args)
        if (name in {"sorted", "sort"} or (name in {"min", "max"} and len(node.args) == 1)) and not alone:
            if name in {"sorted", "sort"} and "reverse" not in present:
                yield _flag(function, node, "reverse=True", 1.0)
            if "key" not in present:
                for text, weight in _keys(function, node):
                    yield _flag(function, node, f"key={text}", weight * 0.6)
        for keyword in node.keywords:
            slot = Slot(keyword.value, keyword, "value", Level.TEST)
            if keyword.arg == "key":
                for text, weight in _keys(function, node):
                    binding = Level.TEST if text.startswith("lambda") else Level.ATOM
                    yield replacement(function, "key", slot, atom(text)._replace(level=binding), weight)


def _keys(function: Anatomy, node: ast.Call) -> Iterator[tuple[str, float]]:
    """The usual keys, then the functions at hand and the mappings in scope."""
    yield from _KEYS
    inner = [part.name for part in function.of(ast.FunctionDef)]
    yield from ((name, 0.6) for name in (*inner, *function.facts.module_functions) if name != function.node.name)
    for name in function.visible(node):
        if function.kinds.get(name) == kinds.MAPPING:
            yield f"lambda item: {name}[item]", 0.5


def _flag(function: Anatomy, node: ast.Call, text: str, weight: float) -> Edit:
    kind = "key" if text.startswith("key") else "keyword"
    parts = sorted([*node.args, *(keyword.value for keyword in node.keywords)], key=function.source.span)
    if parts:
        end = _behind(function, node, parts[-1])
        splice = Splice(end, end, f", {text}")
    else:
        splice = _insertion(function, node, 0, text)
    return Edit(kind, node.lineno, (splice,), PRIORS[kind] * weight, f"{shortened(text)} is passed")


def iterables(function: Anatomy) -> Iterator[Edit]:
    """`f(xs)` for `f(*xs)`, `f(a, b)` for `f((a, b))` and back."""
    for node in function.of(ast.Call):
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                start = function.source.span(argument)[0]
                splice = Splice(start, function.source.span(argument.value)[0], "")
                if function.data[start : splice.end] == b"*":
                    yield Edit("star", argument.lineno, (splice,), PRIORS["star"], "the star goes")
            elif isinstance(argument, ast.Name | ast.Attribute | ast.Subscript) and kinds.may_be(
                function.kind(argument), kinds.SIZED
            ):
                at = function.source.span(argument)[0]
                yield Edit("star", argument.lineno, (Splice(at, at, "*"),), PRIORS["star"] * 0.5, "a star comes")
        if len(node.args) > 1 and not node.keywords and not any(isinstance(part, ast.Starred) for part in node.args):
            start, end = _ranges(function, node)[0][0], _behind(function, node, node.args[-1])
            first = function.source.span(node.args[0])[0]
            if function.data[start : start + 1] and start == first and not function.enclosed(node.args[0]):
                splices = (Splice(start, start, "("), Splice(end, end, ")"))
                yield Edit("star", node.lineno, splices, PRIORS["star"] * 0.4, "arguments become one tuple")


def recursion(function: Anatomy) -> Iterator[Edit]:
    """A recursive call that does not get smaller: an argument one less, halved, without its first or last element."""
    own = function.node.name
    for node in function.of(ast.Call):
        if _name(node) != own:
            continue
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                continue
            slot = next((slot for slot in function.slots if slot.node is argument), None)
            if slot is None:
                continue
            for suffix in ("[1:]", "[:-1]"):
                yield replacement(function, "recursion", slot, followed(function, argument, suffix))
            for suffix in (" - 1", " + 1", " - 2", " // 2", " // 10", " % 10"):
                text = function.text(argument, Level.TERM) + suffix
                yield replacement(function, "recursion", slot, atom(text)._replace(level=Level.SUM))
            for name in function.visible(node):
                yield replacement(function, "recursion", slot, called(function, own, atom(name)), 0.1)


def moved_calls(function: Anatomy) -> Iterator[Edit]:
    """A call that should stand inside or outside of another: `f(g(x))` for `g(f(x))`."""
    for slot in function.slots:
        match slot.node:
            case ast.Call(func=outer, args=[ast.Call(func=inner, args=[argument], keywords=[])], keywords=[]):
                if isinstance(argument, ast.Starred | ast.GeneratorExp):
                    continue
                text = f"{function.text(inner)}({function.text(outer)}({function.text(argument)}))"
                yield replacement(function, "call order", slot, atom(text))
            case _:
                pass
