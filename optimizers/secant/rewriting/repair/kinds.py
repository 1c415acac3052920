"""What sort of value a name or an expression holds, as far as syntax and observation tell.

Six coarse kinds are enough to leave out senseless candidates (`len` of a number). An empty set means unknown, and
unknown is compatible with everything: this module may only ever save work, never lose the right edit to a guess.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

Kinds = frozenset[str]

UNKNOWN: Kinds = frozenset()
NUMBER: Kinds = frozenset({"number"})
TRUTH: Kinds = frozenset({"truth"})
TEXT: Kinds = frozenset({"text"})
SEQUENCE: Kinds = frozenset({"sequence"})
MAPPING: Kinds = frozenset({"mapping"})
GROUP: Kinds = frozenset({"set"})
SIZED: Kinds = TEXT | SEQUENCE | MAPPING | GROUP

_TYPES: dict[str, Kinds] = {
    "bool": TRUTH,
    **dict.fromkeys(("int", "float", "complex", "Decimal", "Fraction", "int64", "float64"), NUMBER),
    **dict.fromkeys(("str", "bytes", "bytearray"), TEXT),
    **dict.fromkeys(("list", "tuple", "range", "deque", "List", "Tuple", "Sequence", "ndarray"), SEQUENCE),
    **dict.fromkeys(("dict", "defaultdict", "Counter", "OrderedDict", "Dict", "Mapping"), MAPPING),
    **dict.fromkeys(("set", "frozenset", "Set", "FrozenSet"), GROUP),
}
_CALLS: dict[str, Kinds] = {
    **dict.fromkeys(("len", "int", "float", "ord", "round", "abs", "sum", "floor", "ceil", "sqrt", "hash"), NUMBER),
    **dict.fromkeys(("str", "chr", "repr", "bin", "hex", "input", "format"), TEXT),
    **dict.fromkeys(("list", "tuple", "sorted", "range", "deque"), SEQUENCE),
    **dict.fromkeys(("dict", "defaultdict", "Counter", "OrderedDict"), MAPPING),
    **dict.fromkeys(("set", "frozenset"), GROUP),
    **dict.fromkeys(("any", "all", "isinstance", "bool", "callable", "hasattr"), TRUTH),
}
_METHODS: dict[str, Kinds] = {
    **dict.fromkeys(("count", "index", "find", "rfind", "rindex", "bit_length"), NUMBER),
    **dict.fromkeys(
        ("join", "lower", "upper", "strip", "lstrip", "rstrip", "replace", "title", "swapcase", "capitalize", "zfill"),
        TEXT,
    ),
    **dict.fromkeys(("split", "rsplit", "splitlines", "most_common"), SEQUENCE),
    **dict.fromkeys(
        ("isdigit", "isalpha", "isalnum", "isupper", "islower", "isspace", "startswith", "endswith"), TRUTH
    ),
    **dict.fromkeys(("union", "intersection", "difference"), GROUP),
}


def compatible(first: Kinds, second: Kinds) -> bool:
    """Whether a value of one kind may stand where the other stood."""
    return not first or not second or bool(first & second)


def may_be(kinds: Kinds, wanted: Kinds) -> bool:
    """Whether a value of these kinds may be of a wanted kind; unknown may be anything."""
    return not kinds or bool(kinds & wanted)


def of_types(names: Iterable[str]) -> Kinds:
    """The kinds of the named types; unknown as soon as one type is."""
    found = [_TYPES.get(name.rsplit(".", 1)[-1]) for name in names if name not in {"NoneType", "None"}]
    known = [kinds for kinds in found if kinds is not None]
    return frozenset[str]().union(*known) if known and len(known) == len(found) else UNKNOWN


def of_annotation(node: ast.expr | None) -> Kinds:
    """The kind that an annotation names, `list[int]` being a sequence."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _TYPES.get(name, UNKNOWN)
        case ast.Subscript(value=value):
            return of_annotation(value)
        case ast.Constant(value=str(name)):
            return _TYPES.get(name.split("[")[0], UNKNOWN)
        case _:
            return UNKNOWN


def of_expression(node: ast.expr, names: Mapping[str, Kinds]) -> Kinds:  # noqa: PLR0911, PLR0912 - one answer per syntax form
    """The kind of an expression, given those of the names in it."""
    match node:
        case ast.Constant(value=value):
            return UNKNOWN if value is None else _TYPES.get(type(value).__name__, UNKNOWN)
        case ast.Name(id=name):
            return names.get(name, UNKNOWN)
        case ast.List() | ast.ListComp() | ast.Tuple():
            return SEQUENCE
        case ast.Dict() | ast.DictComp():
            return MAPPING
        case ast.Set() | ast.SetComp():
            return GROUP
        case ast.JoinedStr():
            return TEXT
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return TRUTH
        case ast.UnaryOp():
            return NUMBER
        case ast.IfExp(body=body, orelse=orelse):
            return of_expression(body, names) or of_expression(orelse, names)
        case ast.BinOp():
            return _of_binary(node, names)
        case ast.Call(func=ast.Name(id=name)):
            return _CALLS.get(name, UNKNOWN)
        case ast.Call(func=ast.Attribute(attr=name)):
            return _METHODS.get(name, _CALLS.get(name, UNKNOWN))
        case ast.Subscript(value=value, slice=index):
            kinds = of_expression(value, names)
            return kinds if isinstance(index, ast.Slice) or kinds == TEXT else UNKNOWN
        case _:
            return UNKNOWN


def _of_binary(node: ast.BinOp, names: Mapping[str, Kinds]) -> Kinds:
    left, right = of_expression(node.left, names), of_expression(node.right, names)
    if isinstance(node.op, ast.Mod) and left == TEXT:
        return TEXT
    if isinstance(node.op, ast.Add | ast.Mult):
        others = [kinds for kinds in (left, right) if kinds and kinds != NUMBER]
        if others:
            return others[0]
        return NUMBER if NUMBER in (left, right) and (isinstance(node.op, ast.Add) or left == right) else UNKNOWN
    if GROUP in (left, right):
        return GROUP
    return NUMBER


def infer(function: ast.FunctionDef | ast.AsyncFunctionDef, observed: Mapping[str, Iterable[str]]) -> dict[str, Kinds]:
    """The kind of every name of the function: observed types first, then annotations, assignments and uses."""
    names = {name: kinds for name, types in observed.items() if (kinds := of_types(types))}
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if kinds := of_annotation(argument.annotation):
            names.setdefault(argument.arg, kinds)
    for _ in range(2):  # a second look sees the kinds of names that are assigned from later ones
        assigned: dict[str, list[Kinds]] = {}
        for name, kinds in _assignments(function, names):
            assigned.setdefault(name, []).append(kinds)
        for name, found in assigned.items():
            if name not in names and all(found):
                names[name] = frozenset[str]().union(*found)
    for name, kinds in _uses(function):
        names.setdefault(name, kinds)
    return names


def _assignments(function: ast.AST, names: Mapping[str, Kinds]) -> Iterator[tuple[str, Kinds]]:
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, of_expression(value, names)
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                for target, value in zip(targets, values, strict=False):
                    if isinstance(target, ast.Name):
                        yield target.id, of_expression(value, names)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                yield name, of_annotation(annotation)
            case ast.For(target=target, iter=iterable) | ast.comprehension(target=target, iter=iterable):
                yield from _elements(target, iterable, names)
            case _:
                pass


def _elements(target: ast.expr, iterable: ast.expr, names: Mapping[str, Kinds]) -> Iterator[tuple[str, Kinds]]:
    match target, iterable:
        case ast.Name(id=name), ast.Call(func=ast.Name(id="range")):
            yield name, NUMBER
        case ast.Tuple(elts=[ast.Name(id=name), *_]), ast.Call(func=ast.Name(id="enumerate")):
            yield name, NUMBER
        case ast.Name(id=name), _:
            yield name, TEXT if of_expression(iterable, names) == TEXT else UNKNOWN
        case _:
            pass


def _uses(function: ast.AST) -> Iterator[tuple[str, Kinds]]:
    for node in ast.walk(function):
        match node:
            case ast.For(iter=ast.Name(id=name)) | ast.comprehension(iter=ast.Name(id=name)):
                yield name, SIZED
            case ast.Call(func=ast.Name(id="len" | "sorted" | "enumerate"), args=[ast.Name(id=name), *_]):
                yield name, SIZED
            case ast.Call(func=ast.Name(id="range"), args=arguments):
                yield from ((argument.id, NUMBER) for argument in arguments if isinstance(argument, ast.Name))
            case ast.BinOp(left=ast.Name(id=name), op=ast.Sub() | ast.Div() | ast.FloorDiv() | ast.Pow()):
                yield name, NUMBER | GROUP
            case ast.BinOp(left=ast.Name(id=name), right=ast.Constant(value=int() | float())):
                yield name, NUMBER
            case ast.Compare(left=ast.Name(id=name), comparators=[ast.Constant(value=int() | float()), *_]):
                yield name, NUMBER
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Slice()):
                yield name, TEXT | SEQUENCE
            case _:
                pass
