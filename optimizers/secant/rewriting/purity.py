"""What a piece of Python may do to the world, proved from its text: binds, mutates, or cannot be told.

This room reads syntax trees and a table of names that are known; it runs nothing and knows no rewrite. What is not in
the table is unknown, and what is unknown must not be memoized, hoisted or reordered.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from secant.rewriting.facts import Facts

PURE_BUILTINS = frozenset(
    [
        "abs",
        "all",
        "any",
        "ascii",
        "bin",
        "bool",
        "bytearray",
        "bytes",
        "callable",
        "chr",
        "complex",
        "dict",
        "divmod",
        "enumerate",
        "filter",
        "float",
        "format",
        "frozenset",
        "hash",
        "hex",
        "int",
        "isinstance",
        "issubclass",
        "len",
        "list",
        "map",
        "max",
        "min",
        "oct",
        "ord",
        "pow",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "slice",
        "sorted",
        "str",
        "sum",
        "tuple",
        "type",
        "zip",
        "Exception",
        "ValueError",
        "TypeError",
        "KeyError",
        "IndexError",
        "RuntimeError",
        "ZeroDivisionError",
        "NotImplementedError",
        "ArithmeticError",
        "AssertionError",
        "AttributeError",
        "LookupError",
        "OverflowError",
    ]
)
"""Builtins that change nothing, given that the functions they are handed change nothing."""

PURE_METHODS = frozenset(
    # str and bytes
    [
        "capitalize",
        "casefold",
        "center",
        "count",
        "encode",
        "decode",
        "endswith",
        "expandtabs",
        "find",
        "format",
        "index",
        "isalnum",
        "isalpha",
        "isascii",
        "isdecimal",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isprintable",
        "isspace",
        "istitle",
        "isupper",
        "join",
        "ljust",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rindex",
        "rjust",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "translate",
        "upper",
        "zfill",
        "hex",
        "copy",
        "get",
        "keys",
        "values",
        "items",
        "union",
        "intersection",
        "difference",
        "symmetric_difference",
        "issubset",
        "issuperset",
        "isdisjoint",
        "most_common",
        "elements",
        "bit_length",
        "bit_count",
        "conjugate",
        "is_integer",
        "as_integer_ratio",
        "tolist",
        "sum",
        "mean",
        "astype",
        "nonzero",
        "argmax",
        "argmin",
        "item",
        "to_numpy",
        "match",
        "fullmatch",
        "search",
        "findall",
        "finditer",
        "group",
        "groups",
        "groupdict",
        "weekday",
        "isoweekday",
        "isoformat",
        "toordinal",
    ]
)

MUTATING_METHODS = frozenset(
    [
        "append",
        "extend",
        "insert",
        "pop",
        "remove",
        "clear",
        "sort",
        "reverse",
        "add",
        "discard",
        "update",
        "setdefault",
        "popitem",
        "appendleft",
        "popleft",
        "extendleft",
        "rotate",
        "intersection_update",
        "difference_update",
        "symmetric_difference_update",
        "move_to_end",
        "subtract",
        "fill",
        "resize",
        "put",
        "push",
        "write",
    ]
)
"""Methods that change their receiver and nothing else."""

PURE_MODULES = frozenset(
    [
        "math",
        "cmath",
        "itertools",
        "operator",
        "functools.reduce",
        "functools.partial",
        "functools.cmp_to_key",
        "collections.Counter",
        "collections.defaultdict",
        "collections.deque",
        "collections.OrderedDict",
        "bisect.bisect",
        "bisect.bisect_left",
        "bisect.bisect_right",
        "fractions",
        "decimal.Decimal",
        "statistics",
        "re",
        "string",
        "heapq.nlargest",
        "heapq.nsmallest",
        "heapq.merge",
        "copy.copy",
        "copy.deepcopy",
        "unicodedata",
        "textwrap",
        "html.escape",
        "html.unescape",
        "urllib.parse",
        "datetime.date",
        "datetime.datetime",
        "datetime.timedelta",
        "numpy",
    ]
)
"""Dotted origins, or their first parts, whose functions change nothing."""

IMPURE_ORIGINS = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "numpy.random",
    "numpy.save",
    "numpy.load",
    "numpy.put",
    "numpy.copyto",
    "numpy.fill_diagonal",
    "numpy.place",
)

MUTATING_FUNCTIONS = frozenset(
    [
        "heapq.heappush",
        "heapq.heappop",
        "heapq.heapify",
        "heapq.heappushpop",
        "heapq.heapreplace",
        "bisect.insort",
        "bisect.insort_left",
        "bisect.insort_right",
    ]
)
"""Functions that change their first argument and nothing else."""

_UNKNOWN_NODES = (
    ast.Yield,
    ast.YieldFrom,
    ast.Await,
    ast.AsyncFor,
    ast.AsyncWith,
    ast.With,
    ast.Global,
    ast.Nonlocal,
    ast.Import,
    ast.ImportFrom,
    ast.ClassDef,
)


class Effects(NamedTuple):
    """What running some code may do. All fields empty or False: it computes and that is all."""

    assigned: frozenset[str]
    """Names it binds or unbinds."""
    mutated: frozenset[str]
    """Root names of the objects that it may change in place (`self` for `self.items.append(x)`)."""
    unknown: frozenset[str]
    """Calls and constructs of which nothing is known, as they are written."""

    @property
    def pure(self) -> bool:
        """Whether nothing outlives the code but its value."""
        return not (self.assigned or self.mutated or self.unknown)


def effects(
    nodes: Iterable[ast.AST], facts: Facts, pure_calls: Iterable[str] = (), scalars: Iterable[str] = ()
) -> Effects:
    """The effects of all `nodes` together.

    `pure_calls` are spellings that the caller vouches for (`fib`, `self.fib`), `scalars` names that are known to hold
    numbers or strings, which `+=` binds anew.
    """
    survey = _Survey(facts, frozenset(pure_calls), frozenset(scalars))
    for node in nodes:
        survey.visit(node)
    return Effects(frozenset(survey.assigned), frozenset(survey.mutated), frozenset(survey.unknown))


def is_pure(node: ast.AST, facts: Facts, pure_calls: Iterable[str] = ()) -> bool:
    """Whether evaluating the expression `node` changes nothing and reads no clock, file or random source."""
    return effects([node], facts, pure_calls).pure


def root_name(node: ast.AST) -> str | None:
    """The name that a chain of attributes and subscripts starts from: `self` for `self.rows[0].cells`."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def dotted(node: ast.AST) -> str | None:
    """`a.b.c` where the node is a chain of attributes of a name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def origin(node: ast.AST, imports: Mapping[str, str]) -> str | None:
    """The dotted origin of an imported name or of an attribute of it: `numpy.sum` for `np.sum`."""
    path = dotted(node)
    if path is None:
        return None
    head, _, rest = path.partition(".")
    if head not in imports:
        return None
    return f"{imports[head]}.{rest}" if rest else imports[head]


class _Survey(ast.NodeVisitor):
    """Collects effects. Nested functions and lambdas count where they are written, as if they were called."""

    def __init__(self, facts: Facts, pure_calls: frozenset[str], scalars: frozenset[str]) -> None:
        self.facts = facts
        self.scalars = scalars
        self.pure_calls = pure_calls
        self.assigned: set[str] = set()
        self.mutated: set[str] = set()
        self.unknown: set[str] = set()

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, _UNKNOWN_NODES):
            self.unknown.add(type(node).__name__.lower())
        super().generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.assigned.add(node.id)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """A comprehension's own names live and die with it."""
        self.visit(node.iter)
        for condition in node.ifs:
            self.visit(condition)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.assigned.add(node.name)
        for statement in node.body:
            self.visit(statement)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.assigned.add(node.name)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._store(node, node.ctx)
        self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._store(node, node.ctx)
        self.visit(node.value)
        self.visit(node.slice)

    def _store(self, node: ast.expr, context: ast.expr_context) -> None:
        if not isinstance(context, ast.Load):
            self.mutated.add(root_name(node) or "?")

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """`xs += ys` changes a list in place, and binds a number anew: count both."""
        self.generic_visit(node)
        if (
            isinstance(node.target, ast.Name)
            and node.target.id not in self.scalars
            and not _is_scalar(node.value, node.target.id, self.facts)
        ):
            self.mutated.add(node.target.id)

    def visit_Call(self, node: ast.Call) -> None:
        for argument in [*node.args, *node.keywords]:
            self.visit(argument)
        spelling = dotted(node.func)
        if spelling in self.pure_calls:
            return
        if isinstance(node.func, ast.Name) and node.func.id not in self.facts.imports:
            self._builtin(node, node.func.id)
        else:
            self._imported_or_method(node)

    def _builtin(self, node: ast.Call, name: str) -> None:
        shadowed = name in self.facts.module_functions or name in self.facts.module_values or name in self.assigned
        draws = name == "next" and bool(node.args) and isinstance(node.args[0], ast.GeneratorExp)
        if shadowed or (name not in PURE_BUILTINS and not draws):
            self.unknown.add(name)
        else:
            self._check_functions(node)

    def _check_functions(self, node: ast.Call) -> None:
        """A pure function that is handed a function is as pure as that one. Lambdas were visited."""
        handed = [keyword.value for keyword in node.keywords if keyword.arg in ("key", "default_factory")]
        if isinstance(node.func, ast.Name) and node.func.id in ("map", "filter") and node.args:
            handed.append(node.args[0])
        for function in handed:
            if isinstance(function, ast.Lambda | ast.Constant):
                continue
            path = dotted(function) or "?"
            pure = path in PURE_BUILTINS or path in self.pure_calls or self._known(function)
            if not pure and path.rpartition(".")[2] not in PURE_METHODS:
                self.unknown.add(path)

    def _known(self, function: ast.AST) -> bool:
        if isinstance(function, ast.Call):
            return self._known(function.func)
        return _is_pure_origin(origin(function, self.facts.imports))

    def _imported_or_method(self, node: ast.Call) -> None:
        source = origin(node.func, self.facts.imports)
        if source is not None:
            self._imported(node, source)
        elif isinstance(node.func, ast.Attribute):
            self.visit(node.func.value)
            if node.func.attr in MUTATING_METHODS:
                self.mutated.add(root_name(node.func.value) or "?")
            elif node.func.attr not in PURE_METHODS or self._is_own_method(node.func):
                self.unknown.add(ast.unparse(node.func))
        elif isinstance(node.func, ast.Lambda):
            self.visit(node.func)
        else:
            self.unknown.add(ast.unparse(node.func))

    def _is_own_method(self, function: ast.Attribute) -> bool:
        receiver = function.value
        return (
            isinstance(receiver, ast.Name)
            and receiver.id in ("self", "cls")
            and function.attr in self.facts.class_methods
        )

    def _imported(self, node: ast.Call, source: str) -> None:
        if source in MUTATING_FUNCTIONS and node.args:
            self.mutated.add(root_name(node.args[0]) or "?")
        elif not _is_pure_origin(source):
            self.unknown.add(source)
        elif any(keyword.arg == "out" for keyword in node.keywords):
            self.unknown.add(f"{source} with out=")
        else:
            self._check_functions(node)


def _is_pure_origin(source: str | None) -> bool:
    if source is None or source.startswith(IMPURE_ORIGINS):
        return False
    parts = source.split(".")
    return any(".".join(parts[:length]) in PURE_MODULES for length in range(1, len(parts) + 1))


def _is_scalar(value: ast.expr, name: str, facts: Facts) -> bool:
    """Whether `name += value` surely binds a new object: numbers and strings."""
    known = facts.variable_types.get(name, ())
    if known:
        return all(kind in ("int", "float", "str", "bool", "complex", "bytes", "tuple") for kind in known)
    if isinstance(value, ast.Constant | ast.JoinedStr):
        return True
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in ("len", "int", "float", "abs", "ord", "str", "chr", "round", "sum")
    return (
        isinstance(value, ast.BinOp)
        and isinstance(value.op, ast.Mult | ast.Div | ast.FloorDiv | ast.Mod | ast.Pow)
        and (_is_scalar(value.left, "", facts) or _is_scalar(value.right, "", facts))
    )
