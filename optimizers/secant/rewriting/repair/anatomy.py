"""A function taken apart: its expressions in their slots, its statements in their blocks, its names in their scopes.

Everything that the catalogue changes lies in the body. The signature, the decorators, annotations, docstrings, patterns
of `match` and the insides of f-strings (whose positions are unreliable before Python 3.12) are never offered.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, TypeVar

from secant.rewriting.facts import Facts
from secant.rewriting.repair import kinds
from secant.rewriting.repair.precedence import Level, level, need
from secant.rewriting.source import FunctionNode, FunctionSource

Node = TypeVar("Node", bound=ast.AST)
Loop = ast.For | ast.AsyncFor | ast.While

COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_FIXED = ast.Yield | ast.YieldFrom | ast.Await | ast.Starred | ast.Slice | ast.NamedExpr
_CONDITIONS = ast.If | ast.While | ast.IfExp | ast.Assert


class Slot(NamedTuple):
    """A place that holds an expression which may be replaced by another one."""

    node: ast.expr
    parent: ast.AST
    field: str
    need: Level
    """What a replacement needs at least to go without parentheses."""


class Place(NamedTuple):
    """A statement in its block."""

    node: ast.stmt
    block: list[ast.stmt]
    position: int
    parent: ast.AST
    loop: Loop | None
    """The innermost loop around it: where `break` and `continue` would go."""
    owner: FunctionNode
    """The innermost function around it: what `return` would leave."""


class Piece(NamedTuple):
    """An expression as text, with how tightly it binds."""

    text: str
    level: Level


class Anatomy:
    """The parts of one function, in the order of its text. Raises nothing: any FunctionSource has an anatomy."""

    def __init__(self, source: FunctionSource, facts: Facts) -> None:
        self.source = source
        self.facts = facts
        self.node = source.node
        self.data = source.text.encode("utf-8")
        self.parents: dict[ast.AST, ast.AST] = {}
        self.slots: list[Slot] = []
        self.places: list[Place] = []
        self.nodes: list[ast.AST] = []
        """Every node of the body whose position is reliable."""
        self.declared: dict[str, int] = {}
        """Names declared global or nonlocal, and the line: above it they must not stand."""
        self.kinds = kinds.infer(self.node, facts.variable_types)
        self._visible: dict[ast.AST, tuple[str, ...]] = {}
        self._block(self.node.body, self.node, None, self.node)

    # -- taking apart

    def _block(self, block: list[ast.stmt], parent: ast.AST, loop: Loop | None, owner: FunctionNode) -> None:
        for index, statement in enumerate(block):
            if index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue  # a docstring
            self.parents[statement] = parent
            self.nodes.append(statement)
            if isinstance(statement, ast.Global | ast.Nonlocal):
                for name in statement.names:
                    self.declared[name] = min(statement.lineno, self.declared.get(name, statement.lineno))
                continue
            self.places.append(Place(statement, block, index, parent, loop, owner))
            self._statement(statement, loop, owner)

    def _statement(self, statement: ast.stmt, loop: Loop | None, owner: FunctionNode) -> None:
        if isinstance(statement, FunctionNode):
            for default in (*statement.args.defaults, *filter(None, statement.args.kw_defaults)):
                self._expression(default, statement, "default")
            self._block(statement.body, statement, None, statement)
            return
        if isinstance(statement, ast.ClassDef):
            self._block(statement.body, statement, None, owner)
            return
        inner = statement if isinstance(statement, Loop) else loop
        for field, value in ast.iter_fields(statement):
            if field in {"body", "orelse", "finalbody"}:
                self._block(value, statement, inner if field == "body" else loop, owner)
            elif field in {"handlers", "cases"}:
                for part in value:
                    self._clause(part, statement, loop, owner)
            elif field != "annotation":
                self._field(value, statement, field)

    def _clause(
        self, clause: ast.ExceptHandler | ast.match_case, parent: ast.stmt, loop: Loop | None, owner: FunctionNode
    ) -> None:
        self.parents[clause] = parent
        self.nodes.append(clause)
        expression = clause.type if isinstance(clause, ast.ExceptHandler) else clause.guard
        if expression is not None:
            self._expression(expression, clause, "type")
        self._block(clause.body, clause, loop, owner)

    def _field(self, value: object, parent: ast.AST, field: str) -> None:
        if isinstance(value, list):
            for item in value:  # pyright: ignore[reportUnknownVariableType] - ast's fields are untyped here
                self._field(item, parent, field)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(value, ast.expr):
            self._expression(value, parent, field)
        elif isinstance(value, ast.keyword | ast.comprehension | ast.withitem):
            self.parents[value] = parent
            self.nodes.append(value)
            for name, item in ast.iter_fields(value):
                self._field(item, value, name)

    def _expression(self, node: ast.expr, parent: ast.AST, field: str) -> None:
        self.parents[node] = parent
        self.nodes.append(node)
        if self._replaceable(node, parent, field):
            required = need(parent, field)
            if required > Level.TEST and self.enclosed(node):
                required = Level.TEST
            self.slots.append(Slot(node, parent, field, required))
        match node:
            case ast.JoinedStr():
                return
            case ast.Lambda():
                self._expression(node.body, node, "body")
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    if key is not None:
                        self._expression(key, node, "keys")
                    self._expression(value, node, "values" if key is not None else "unpacked")
            case _:
                if type(node).__name__ != "TemplateStr":
                    for name, value in ast.iter_fields(node):
                        self._field(value, node, name)

    def _replaceable(self, node: ast.expr, parent: ast.AST, field: str) -> bool:
        if isinstance(node, _FIXED) or isinstance(parent, ast.Await) or field in {"targets", "target", "optional_vars"}:
            return False
        if isinstance(node, ast.Tuple) and any(isinstance(item, ast.Slice | ast.Starred) for item in node.elts):
            return False
        return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)

    def enclosed(self, node: ast.expr) -> bool:
        """Whether parentheses of its own stand around an operand (asked only where no call's parentheses could)."""
        start, end = self.source.span(node)
        before, after = self.data[max(0, start - 200) : start].rstrip(), self.data[end : end + 200].lstrip()
        return before.endswith(b"(") and after.startswith(b")")

    # -- asking

    def of(self, kind: type[Node]) -> Iterator[Node]:
        """Every node of that type, in the order of the text."""
        return (node for node in self.nodes if isinstance(node, kind))

    def kind(self, node: ast.expr) -> kinds.Kinds:
        """What sort of value the expression has, empty where nothing is known."""
        return kinds.of_expression(node, self.kinds)

    def piece(self, node: ast.expr) -> Piece:
        """The expression as it is written, ready to be put elsewhere."""
        text = self.source.segment(node)
        binding = level(node)
        if isinstance(node, ast.Tuple) and self._closed(node):
            binding = Level.ATOM
        if "\n" in text and not isinstance(node, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.JoinedStr):
            return Piece(f"({text})", Level.ATOM)
        return Piece(text, binding)

    def text(self, node: ast.expr, required: Level = Level.TEST) -> str:
        """The expression's text for a slot that needs `required`."""
        return fitted(self.piece(node), required)

    def gap(self, before: ast.AST, after: ast.AST) -> tuple[int, str]:
        """Start and text of what lies between two nodes, comments blanked out: an operator and some parentheses."""
        start, end = self.source.span(before)[1], self.source.span(after)[0]
        lines = self.data[start:end].decode("utf-8").split("\n")
        blanked = [line.split("#", 1)[0].ljust(len(line.encode("utf-8"))) for line in lines]
        return start, "\n".join(blanked)

    def _closed(self, node: ast.Tuple) -> bool:
        """Whether the tuple's own parentheses are part of it: `(a, b)` and not `(a), b`."""
        if not node.elts:
            return True
        start, end = self.source.span(node)
        first = self.source.span(node.elts[0])
        following = self.source.span(node.elts[1])[0] if len(node.elts) > 1 else end
        opened = self.data[start : first[0]].count(b"(")
        closed = self.data[first[1] : following].split(b",", 1)[0].count(b")")
        return opened > closed

    def alone(self, generator: ast.GeneratorExp) -> bool:
        """Whether the generator is a call's only argument and so shares the call's parentheses."""
        parent = self.parents[generator]
        return (
            isinstance(parent, ast.Call)
            and len(parent.args) == 1
            and not parent.keywords
            and self.source.span(parent)[1] == self.source.span(generator)[1]
        )

    @cached_property
    def conditions(self) -> list[Slot]:
        """Every expression that is asked for its truth."""
        return [slot for slot in self.slots if is_condition(slot)]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The function's parameters without `self` and `cls`, starred ones included."""
        names = parameters_of(self.node.args)
        return names[1:] if self.facts.class_name and names and names[0] in {"self", "cls"} else names

    @cached_property
    def receiver(self) -> str | None:
        """`self` (or what it is called) where the function is a method that has one."""
        names = parameters_of(self.node.args)
        if names and (names[0] == "self" or (self.facts.class_name and names[0] == "cls")):
            return names[0]
        return None

    @cached_property
    def _bindings(self) -> dict[str, tuple[int, Loop | None]]:
        """Local name to the offset after which it is bound, and the outermost loop around its first binding."""
        found: dict[str, tuple[int, Loop | None]] = {}
        for node in self.nodes:
            if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Store):
                continue
            chain = list(self.ancestors(node))
            if any(isinstance(parent, ast.comprehension | FunctionNode) and parent is not self.node
                   for parent in chain):  # fmt: skip
                continue
            holder = next((parent for parent in chain if isinstance(parent, ast.stmt)), node)
            end = self.source.span(holder.iter if isinstance(holder, ast.For) else node)[1]
            if isinstance(holder, ast.Assign | ast.AnnAssign | ast.AugAssign):
                end = self.source.span(holder)[1]
            outer = [parent for parent in chain if isinstance(parent, Loop)]
            found.setdefault(node.id, (end, outer[-1] if outer else None))
        return found

    @cached_property
    def locals(self) -> tuple[str, ...]:
        """Names that the function itself assigns, by first assignment, parameters left out."""
        return tuple(name for name in self._bindings if name not in self.parameters)

    @cached_property
    def free(self) -> frozenset[str]:
        """Names that are read and bound nowhere in the function: builtins, imports, functions, and mistakes."""
        names = list(self.of(ast.Name))
        return (
            frozenset(node.id for node in names)
            - {node.id for node in names if isinstance(node.ctx, ast.Store)}
            - set(parameters_of(self.node.args))
        )

    @cached_property
    def predicates(self) -> tuple[str, ...]:
        """Functions at hand that take one argument: inner ones, those of the module, those already called with one."""
        inner = [node.name for node in self.of(ast.FunctionDef) if len(parameters_of(node.args)) == 1]
        module = [name for name, names in self.facts.module_functions.items() if len(names) == 1]
        called = [
            node.func.id
            for node in self.of(ast.Call)
            if isinstance(node.func, ast.Name) and len(node.args) == 1 and not hasattr(builtins, node.func.id)
        ]
        return tuple(name for name in dict.fromkeys([*inner, *module, *called]) if name in self.free or name in inner)

    @cached_property
    def undefined(self) -> tuple[str, ...]:
        """Names that are read though nothing is known to define them: likely the victim of a wrong target."""
        facts = self.facts
        known = {*facts.module_functions, *facts.module_classes, *facts.module_values, *facts.imports, *dir(builtins)}
        inner = {name for node in ast.walk(self.node) for name in (*_introduced(node), *_defined(node))}
        read = dict.fromkeys(node.id for node in self.of(ast.Name))
        return tuple(name for name in read if name in self.free and name not in known and name not in inner)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around `node`, innermost first, up to the function."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def visible(self, node: ast.AST) -> tuple[str, ...]:
        """Variables that may be read at `node`: inner ones first, then parameters, locals and module values."""
        if node in self._visible:
            return self._visible[node]
        chain = [node, *(parent for parent in self.ancestors(node) if parent is not self.node)]
        start = self.source.span(node)[0] if hasattr(node, "lineno") else 0
        inner = [name for holder in chain for name in _introduced(holder)]
        outer = [
            name
            for name, (end, loop) in self._bindings.items()
            if name not in self.parameters and (end <= start or (loop is not None and loop in chain))
        ]
        line: int = getattr(node, "lineno", 1)
        early = {name for name, declared in self.declared.items() if line <= declared}
        found = dict.fromkeys([*inner, *self.parameters, *outer, *self.facts.module_values])
        names = tuple(name for name in found if name not in early)
        self._visible[node] = names
        return names


def is_condition(slot: Slot) -> bool:
    """Whether the slot's expression is asked for its truth by its parent."""
    if isinstance(slot.parent, ast.comprehension):
        return slot.field == "ifs"
    return isinstance(slot.parent, _CONDITIONS) and slot.field == "test"


def binds(node: ast.AST) -> bool:
    """Whether copying the expression would copy a walrus, a `yield` or an `await`."""
    return any(isinstance(part, ast.NamedExpr | ast.Yield | ast.YieldFrom | ast.Await) for part in ast.walk(node))


def fitted(piece: Piece, required: Level) -> str:
    """The piece's text, in parentheses where the slot needs them."""
    number = required == Level.ATOM and piece.text[:1].isdigit()
    return f"({piece.text})" if piece.level < required or number else piece.text


def parameters_of(arguments: ast.arguments) -> tuple[str, ...]:
    """The names of all parameters, in the order of the signature."""
    listed = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    return tuple(argument.arg for argument in listed if argument is not None)


def _introduced(holder: ast.AST) -> Iterable[str]:
    """Names that a comprehension, a lambda or an inner function binds for what is inside of it."""
    if isinstance(holder, COMPREHENSIONS):
        targets = [generator.target for generator in holder.generators]
        return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    if isinstance(holder, ast.Lambda):
        return parameters_of(holder.args)
    if isinstance(holder, FunctionNode):
        stored = [
            node.id for node in ast.walk(holder) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        return (*parameters_of(holder.args), *stored)
    return ()


def _defined(node: ast.AST) -> Iterable[str]:
    """Names that a definition, an import, an `except ... as` or a pattern binds."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return (name,)
        case ast.MatchMapping(rest=str(name)):
            return (name,)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return tuple(alias.asname or alias.name.split(".")[0] for alias in names)
        case _:
            return ()
