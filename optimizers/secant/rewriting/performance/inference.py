"""Types by evidence: what the tests were seen to pass, what annotations say, what the code itself makes plain.

This room guesses names of builtin types and nothing else. An empty answer means "not known", never "none".
"""

from __future__ import annotations

import ast

from secant.rewriting.facts import Facts

HASHABLE = frozenset(
    [
        "int",
        "float",
        "str",
        "bool",
        "bytes",
        "NoneType",
        "complex",
        "tuple",
        "frozenset",
        "range",
        "date",
        "datetime",
        "Decimal",
        "Fraction",
    ]
)

_NONE: frozenset[str] = frozenset()
_STR = frozenset(["str"])
_ANNOTATED = {
    "List": "list", "Sequence": "list", "Dict": "dict", "Set": "set", "Tuple": "tuple", "FrozenSet": "frozenset",
    "Deque": "deque",
}  # fmt: skip
_PLAIN = HASHABLE | {"list", "dict", "set", "bytearray", "ndarray", "DataFrame", "Series", "deque"}
_CALLS = {
    "len": "int", "int": "int", "ord": "int", "hash": "int", "str": "str", "chr": "str", "repr": "str", "list": "list",
    "sorted": "list", "dict": "dict", "set": "set", "tuple": "tuple", "frozenset": "frozenset", "float": "float",
    "bool": "bool", "range": "range", "isinstance": "bool", "any": "bool", "all": "bool", "bytes": "bytes",
    "defaultdict": "defaultdict", "Counter": "Counter", "deque": "deque", "input": "str", "hex": "str", "bin": "str",
}  # fmt: skip
_COPIES = ("set", "sorted", "list", "tuple", "reversed", "frozenset")
_METHODS = {
    "split": "list", "splitlines": "list", "join": "str", "strip": "str", "lstrip": "str", "rstrip": "str",
    "lower": "str", "upper": "str", "title": "str", "find": "int", "rfind": "int", "tolist": "list",
    "startswith": "bool", "endswith": "bool", "isdigit": "bool", "isalpha": "bool", "isalnum": "bool",
    "format": "str", "casefold": "str", "readlines": "list", "bit_length": "int",
}  # fmt: skip


class TypeGuesser:
    """Guesses the type of expressions of one function."""

    def __init__(self, node: ast.FunctionDef | ast.AsyncFunctionDef, facts: Facts) -> None:
        self._facts = facts
        self._cache: dict[str, frozenset[str]] = {}
        self._annotations = {
            argument.arg: _annotation(argument.annotation)
            for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        }
        self._elements = {
            argument.arg: _element(argument.annotation)
            for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        }
        self._element_names: dict[str, set[str]] = {}
        self._sources: dict[str, list[ast.expr | None]] = {}
        self._grown = {
            part.value.id for part in ast.walk(node)
            if isinstance(part, ast.Attribute | ast.Subscript) and isinstance(part.value, ast.Name)
            and (isinstance(part, ast.Attribute) or not isinstance(part.ctx, ast.Load))
        }  # fmt: skip
        self._own_name = node.name
        self._returns: frozenset[str] | None = None
        nested = {
            id(part) for scope in ast.walk(node) if scope is not node and _is_scope(scope) for part in ast.walk(scope)
        }
        self._return_values = [
            part.value or ast.Constant(None)
            for part in ast.walk(node)
            if isinstance(part, ast.Return) and id(part) not in nested
        ]
        for statement in ast.walk(node):
            self._collect(statement)
        for argument in ast.walk(node.args):
            if isinstance(argument, ast.arg):
                self._sources.setdefault(argument.arg, []).append(None)

    def types(self, node: ast.expr) -> frozenset[str]:  # noqa: PLR0911 # because each kind of node has its own
        """Names of the types that the expression can have; empty where that is not known."""
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.Constant):
            return frozenset([type(node.value).__name__])
        if isinstance(node, ast.BinOp):
            return self._operation(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            return frozenset(self._facts.attribute_types.get(node.attr, ()))
        if isinstance(node, ast.IfExp):
            one, two = self.types(node.body), self.types(node.orelse)
            return one | two if one and two else _NONE
        if isinstance(node, ast.UnaryOp):
            return frozenset(["bool"]) if isinstance(node.op, ast.Not) else self.types(node.operand)
        return _displayed(node)

    def elements(self, node: ast.expr) -> frozenset[str]:  # noqa: PLR0911 # because each kind of node has its own
        """Types of what iterating over the expression gives; empty where that is not known."""
        if isinstance(node, ast.Name):
            named = self._element_names.get(node.id, ())
            seen = [self._facts.variable_types.get(name, ()) for name in sorted(named)]
            if seen and any(seen):
                return frozenset(kind for kinds in seen for kind in kinds)
            if self._elements.get(node.id):
                return self._elements[node.id]
            return self._element_of_sources(node.id)
        if isinstance(node, ast.List | ast.Tuple | ast.Set) and node.elts:
            every = [self.types(element) for element in node.elts]
            return _union(every)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _COPIES and node.args:
            return self.elements(node.args[0])
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("split", "splitlines")
        ):
            return frozenset(["str"])
        types = self.types(node)
        if types and types <= {"str"}:
            return types
        return frozenset(["int"]) if types and types <= {"range", "bytes"} else _NONE

    def _element_of_sources(self, name: str) -> frozenset[str]:
        """What a local list holds if every value it was given shows its elements and nothing was appended."""
        sources = self._sources.get(name, [])
        displays = [source for source in sources if isinstance(source, ast.List | ast.Tuple | ast.Set | ast.Call)]
        if not sources or len(displays) != len(sources) or name in self._grown:
            types = self._name(name)
            return types if types == _STR else frozenset(["int"]) if types and types <= {"range", "bytes"} else _NONE
        found = [self.elements(source) for source in displays]
        return _union(found)

    def _collect(self, statement: ast.AST) -> None:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                self._target(target, statement.value)
        elif isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            value = ast.BinOp(ast.Name(statement.target.id, ast.Load()), statement.op, statement.value)
            self._sources.setdefault(statement.target.id, []).append(value)
        elif isinstance(statement, ast.For | ast.comprehension):
            self._loop(statement.target, statement.iter)
        elif isinstance(statement, ast.NamedExpr):
            self._target(statement.target, statement.value)
        elif isinstance(statement, ast.withitem | ast.Global | ast.Nonlocal):
            for part in ast.walk(statement):
                if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
                    self._sources.setdefault(part.id, []).append(None)

    def _target(self, target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self._sources.setdefault(target.id, []).append(value)
            if isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and _is_position(value.slice):
                self._element_names.setdefault(value.value.id, set()).add(target.id)
        elif isinstance(target, ast.Tuple | ast.List):
            values = value.elts if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts) else None
            for place, part in enumerate(target.elts):
                self._target(part, values[place] if values else None)

    def _loop(self, target: ast.expr, iterator: ast.expr) -> None:
        """The variable of a loop is what a call of the imaginary function `next` would give."""
        if isinstance(target, ast.Tuple) and isinstance(iterator, ast.Call) and isinstance(iterator.func, ast.Name):
            if iterator.func.id == "enumerate" and len(target.elts) == 2 and iterator.args:
                self._target(target.elts[0], ast.Constant(0))
                self._loop(target.elts[1], iterator.args[0])
                return
            if iterator.func.id == "zip" and len(target.elts) == len(iterator.args):
                for part, source in zip(target.elts, iterator.args, strict=True):
                    self._loop(part, source)
                return
        if isinstance(target, ast.Name) and isinstance(iterator, ast.Name):
            self._element_names.setdefault(iterator.id, set()).add(target.id)
        self._target(target, ast.Call(ast.Name("next", ast.Load()), [iterator], []))

    def _name(self, name: str) -> frozenset[str]:
        seen = self._facts.variable_types.get(name)
        if seen:
            return frozenset(seen)
        if name in self._cache:
            return self._cache[name]
        self._cache[name] = _NONE
        if self._annotations.get(name):
            self._cache[name] = self._annotations[name]
        elif None not in (sources := self._sources.get(name, [])):
            self._cache[name] = self._joined(name, [source for source in sources if source is not None])
        return self._cache[name]

    def _joined(self, name: str, sources: list[ast.expr]) -> frozenset[str]:
        """The union over the values a name is given; updates of the name by itself follow from the others."""
        first = [source for source in sources if name not in _names(source)]
        found = [self.types(source) for source in first]
        if not found or not all(found):
            return _NONE
        self._cache[name] = _union(found)
        updates = [self.types(source) for source in sources if name in _names(source)]
        return self._cache[name].union(*updates) if all(updates) else _NONE

    def _operation(self, node: ast.BinOp) -> frozenset[str]:  # noqa: PLR0911 # because each kind of node has its own
        left, right = self.types(node.left), self.types(node.right)
        numbers = {"int", "bool"}
        if left and right and left <= numbers and right <= numbers:
            if isinstance(node.op, ast.Div):
                return frozenset(["float"])
            return frozenset(["int", "float"]) if isinstance(node.op, ast.Pow) else frozenset(["int"])
        if left and right and left | right <= {"int", "bool", "float"}:
            return frozenset(["float"]) | ((left | right) - {"bool"})
        if isinstance(node.op, ast.Mod) and left == _STR:
            return left
        if isinstance(node.op, ast.Mult) and "str" in left | right and "int" in left | right:
            return frozenset(["str"])
        if isinstance(node.op, ast.Mult) and isinstance(node.left, ast.List):
            return frozenset(["list"])
        return left if left and left == right and left <= {"str", "list", "tuple", "bytes"} else _NONE

    def _call(self, node: ast.Call) -> frozenset[str]:  # noqa: PLR0911 # because each kind of node has its own
        if isinstance(node.func, ast.Name):
            if node.func.id == "next" and len(node.args) == 1:
                return self.elements(node.args[0])
            if node.func.id in ("min", "max") and len(node.args) > 1:
                found = [self.types(argument) for argument in node.args]
                return _union(found)
            if node.func.id == "abs" and node.args:
                return self.types(node.args[0])
            if node.func.id == self._own_name:
                return self._returned()
            name = _CALLS.get(node.func.id)
            return frozenset([name]) if name else _NONE
        if isinstance(node.func, ast.Attribute):
            if node.func.attr == self._own_name and ast.unparse(node.func.value) in ("self", "cls"):
                return self._returned()
            name = _METHODS.get(node.func.attr)
            if node.func.attr in ("copy", "replace"):
                return self.types(node.func.value)
            return frozenset([name]) if name else _NONE
        return _NONE

    def _returned(self) -> frozenset[str]:
        """What the function itself gives, as its `return` statements show, calls of itself assumed to give the same."""
        if self._returns is None:
            self._returns = _NONE
            found = [self.types(value) for value in self._return_values]
            known = [types for types in found if types]
            agreed = len({*known}) == 1 and all(
                types or _calls(value, self._own_name) for types, value in zip(found, self._return_values, strict=True)
            )
            self._returns = known[0] if agreed else _NONE
        return self._returns

    def _subscript(self, node: ast.Subscript) -> frozenset[str]:
        if isinstance(node.slice, ast.Slice):
            return self.types(node.value)
        types = self.types(node.value)
        if types and types <= {"str", "list", "tuple", "bytes", "range"}:
            return self.elements(node.value)
        return _NONE


def _union(parts: list[frozenset[str]]) -> frozenset[str]:
    """All types of all parts; unknown if one part is."""
    return frozenset(kind for part in parts for kind in part) if all(parts) else _NONE


def _displayed(node: ast.expr) -> frozenset[str]:
    """Types of displays and comparisons, which show in the syntax."""
    shown: dict[type[ast.expr], str] = {
        ast.List: "list", ast.ListComp: "list", ast.Dict: "dict", ast.DictComp: "dict", ast.Set: "set",
        ast.SetComp: "set", ast.Tuple: "tuple", ast.JoinedStr: "str", ast.GeneratorExp: "generator",
        ast.Compare: "bool", ast.Lambda: "function",
    }  # fmt: skip
    name = shown.get(type(node))
    return frozenset([name]) if name else _NONE


def _annotation(node: ast.expr | None) -> frozenset[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return _NONE
    if isinstance(node, ast.Subscript):
        return _annotation(node.value)
    if isinstance(node, ast.Attribute):
        return _annotation(ast.Name(node.attr, ast.Load()))
    if isinstance(node, ast.Name):
        name = _ANNOTATED.get(node.id, node.id)
        return frozenset([name]) if name in _PLAIN else _NONE
    return _NONE


def _element(node: ast.expr | None) -> frozenset[str]:
    if isinstance(node, ast.Subscript) and _annotation(node.value) & {"list", "set", "frozenset", "deque"}:
        return _annotation(node.slice)
    return _NONE


def _is_scope(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef)


def _calls(value: ast.expr, name: str) -> bool:
    """Whether the value is a call of the function itself, or a sum with one: its type follows from the others."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return _calls(value.left, name) or _calls(value.right, name)
    return isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] == name


def _is_position(index: ast.expr) -> bool:
    """Whether the subscript wanders over the elements: neither a slice nor a fixed place."""
    return not isinstance(index, ast.Slice | ast.Constant)


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
