"""What every rule asks about the function that it looks at: loops, bindings, types, freshness, who reads a name later.

This room answers questions about one function's text and the facts around it; it changes nothing and knows no rule.
Every answer errs on the side of "cannot be told".
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import cast

from secant.rewriting.facts import Facts
from secant.rewriting.performance.inference import HASHABLE, TypeGuesser
from secant.rewriting.performance.normal import normal_function, same
from secant.rewriting.purity import Effects, effects, root_name
from secant.rewriting.source import FunctionSource

Loop = ast.For | ast.While
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Iteration = ast.For | ast.While | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef

FRESH_CALLS = frozenset(
    ["list", "dict", "set", "sorted", "tuple", "deque", "defaultdict", "Counter", "OrderedDict", "bytearray"]
)


class Subject:
    """One function, its normal form, and what can be proved about it."""

    def __init__(self, source: FunctionSource, facts: Facts) -> None:
        self.source = source
        self.facts = facts
        self.node = normal_function(source.node)
        self._parents = {id(child): parent for parent in ast.walk(self.node) for child in ast.iter_child_nodes(parent)}
        imports = {**facts.imports, **_imports_inside(self.node)}
        self.facts = facts.model_copy(update={"imports": imports})
        self._given: set[str] = set()
        self.guesser = TypeGuesser(self.node, self.facts)

    # --- the tree

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self._parents.get(id(node))

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around `node`, from the nearest to the function itself."""
        current = self.parent(node)
        while current is not None:
            yield current
            current = self.parent(current)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the function's own body in the order of the text; nested functions and classes are left out."""
        return [node for statement in self.node.body for node in own_nodes(statement)]

    def blocks(self) -> Iterator[list[ast.stmt]]:
        """Every list of statements of the function, nested functions left out."""
        pending: list[ast.AST] = [self.node]
        while pending:
            node = pending.pop(0)
            for field in ("body", "orelse", "finalbody"):
                block = getattr(node, field, None)
                if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                    statements = cast(list[ast.stmt], block)
                    yield statements
                    pending.extend(s for s in statements if not isinstance(s, Scope))
            pending.extend([*getattr(node, "handlers", []), *getattr(node, "cases", [])])

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that holds `node`."""
        current: ast.AST | None = node
        while current is not None and not isinstance(current, ast.stmt):
            current = self.parent(current)
        return cast(ast.stmt, current)

    def block_of(self, statement: ast.stmt) -> list[ast.stmt]:
        """The list of statements that `statement` stands in."""
        parent = self.parent(statement)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(parent, field, None)
            if isinstance(block, list) and any(item is statement for item in cast(list[ast.stmt], block)):
                return cast(list[ast.stmt], block)
        return [statement]

    def iterations_around(self, node: ast.AST) -> list[Iteration]:
        """The loops and comprehensions that evaluate `node` again and again, innermost first.

        The iterable of a loop and of a comprehension's first `for` are evaluated once, so they do not count as inside.
        """
        result: list[Iteration] = []
        child = node
        for ancestor in self.ancestors(node):
            if isinstance(ancestor, Scope):
                break
            if (
                (isinstance(ancestor, ast.For) and any(child is s for s in ancestor.body))
                or (isinstance(ancestor, ast.While) and not any(child is s for s in ancestor.orelse))
                or (isinstance(ancestor, Comprehension) and not self._is_first_iterable(ancestor, child, node))
            ):
                result.append(ancestor)
            child = ancestor
        return result

    def _is_first_iterable(self, comprehension: Comprehension, child: ast.AST, node: ast.AST) -> bool:
        first = comprehension.generators[0]
        return child is first and any(part is node for part in ast.walk(first.iter))

    def is_fallback(self, node: ast.AST) -> bool:
        """Whether the node is the `else` of a choice that an earlier rewrite made (`a if known else b`)."""
        child = node
        for ancestor in self.ancestors(node):
            if isinstance(ancestor, ast.IfExp) and ancestor.orelse is child:
                return True
            if isinstance(ancestor, ast.stmt):
                return False
            child = ancestor
        return False

    # --- names

    @cached_property
    def parameters(self) -> list[str]:
        arguments = self.node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every.extend(extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None)
        return [argument.arg for argument in every]

    @cached_property
    def _names(self) -> set[str]:
        names = {node.id for node in ast.walk(self.node) if isinstance(node, ast.Name)}
        names |= {node.arg for node in ast.walk(self.node) if isinstance(node, ast.arg)}
        names |= {node.name for node in ast.walk(self.node) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        return names | set(self.facts.imports) | set(self.facts.module_functions) | set(self.facts.module_values)

    def free_name(self, *wishes: str) -> str:
        """The first wish that names nothing yet, or the last one with a number."""
        for wish in (*wishes, *(f"{wishes[-1]}_{number}" for number in range(2, 1000))):
            if wish not in self._names | self._given and wish.isidentifier() and not hasattr(builtins, wish):
                self._given.add(wish)
                return wish
        raise ValueError("a thousand names are taken")

    def release_names(self) -> None:
        """Frees the names that were handed out for a rewrite that is finished or given up."""
        self._given.clear()

    def bindings(self, name: str) -> list[ast.Name]:
        """Every place of the function's own body that binds `name` (nested functions included)."""
        return [
            node
            for node in ast.walk(self.node)
            if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        ]

    def assigned_values(self, name: str) -> list[ast.expr] | None:
        """The values that plain assignments give to `name`; None where it is bound in any other way."""
        values: list[ast.expr] = []
        for node in self.bindings(name):
            statement = self.parent(node)
            if not isinstance(statement, ast.Assign) or not any(target is node for target in statement.targets):
                return None
            values.append(statement.value)
        return values

    def is_fresh(self, name: str) -> bool:
        """Whether the local `name` only ever holds objects made here and known by no other name."""
        values = self.assigned_values(name)
        if (
            (name in self.parameters and not self._is_copied_first(name))
            or not values
            or not all(makes_new(value) for value in values)
        ):
            return False
        return not self.escapes(name)

    def _is_copied_first(self, name: str) -> bool:
        """Whether the parameter is replaced by a new object, at the top level, before anything else mentions it."""
        for statement in self.node.body:
            mentioned = [n for n in ast.walk(statement) if isinstance(n, ast.Name) and n.id == name]
            if mentioned:
                target = statement.targets[0] if isinstance(statement, ast.Assign) else None
                return isinstance(target, ast.Name) and target.id == name
        return False

    def escapes(self, name: str) -> bool:
        """Whether another name or container may hold the object that `name` holds, before it is returned."""
        for node in ast.walk(self.node):
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                parent = self.parent(node)
                if isinstance(
                    parent, ast.Assign | ast.NamedExpr | ast.List | ast.Tuple | ast.Dict | ast.Set | ast.Starred
                ):
                    if isinstance(parent, ast.Tuple) and isinstance(self.parent(parent), ast.Return):
                        continue
                    return True
                if isinstance(parent, ast.Call) and parent.func is not node and not self._only_reads(parent):
                    return True
                if isinstance(parent, ast.Yield | ast.YieldFrom | ast.Await | ast.keyword):
                    return True
        return any(name in nested for nested in self._closures)

    @cached_property
    def _closures(self) -> list[set[str]]:
        scopes = [node for node in ast.walk(self.node) if isinstance(node, Scope) and node is not self.node]
        return [{node.id for node in ast.walk(scope) if isinstance(node, ast.Name)} for scope in scopes]

    def _only_reads(self, call: ast.Call) -> bool:
        if isinstance(call.func, ast.Attribute):
            return call.func.attr in ("extend", "join", "update", "extendleft", "union", "intersection", "difference")
        readers = "len sum min max sorted list tuple set any all enumerate zip reversed range str print iter map filter"
        return isinstance(call.func, ast.Name) and call.func.id in readers.split()

    # --- effects

    def effects(self, nodes: Iterable[ast.AST], pure_calls: Iterable[str] = ()) -> Effects:
        return effects(nodes, self.facts, pure_calls, self._scalars)

    @cached_property
    def _scalars(self) -> frozenset[str]:
        """Locals that begin as numbers or strings: `n += e` binds them anew."""
        found: set[str] = set()
        for name in {node.id for node in ast.walk(self.node) if isinstance(node, ast.Name)} - set(self.parameters):
            parents = [self.parent(binding) for binding in self.bindings(name)]
            values = [parent.value for parent in parents if isinstance(parent, ast.Assign)]
            plain = all(isinstance(parent, ast.Assign | ast.AugAssign) for parent in parents)
            if values and plain and all(isinstance(v, ast.Constant) or self.is_type(v, *_SCALARS) for v in values):
                found.add(name)
        return frozenset(found)

    def is_pure(self, node: ast.AST) -> bool:
        return self.effects([node]).pure

    def loop_effects(self, iteration: Iteration) -> Effects:
        """What one pass through the loop or comprehension may do, its targets included."""
        if isinstance(iteration, ast.For):
            return self.effects([iteration.target, *iteration.body])
        if isinstance(iteration, ast.While):
            return self.effects([iteration.test, *iteration.body])
        found = self.effects([iteration])
        targets = {n.id for g in iteration.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        return found._replace(assigned=found.assigned | targets)

    def is_invariant(self, node: ast.expr, iteration: Iteration) -> bool:
        """Whether the expression has the same value, and its objects the same contents, in every pass of the loop."""
        if not self.is_pure(node):
            return False
        found = self.loop_effects(iteration)
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        if found.unknown and not all(self._untouchable(name) for name in names):
            return False
        if names & (found.assigned | found.mutated) or "?" in found.mutated:
            return False
        return all(self.is_fresh(changed) or self._disjoint(changed, names) for changed in found.mutated)

    def _untouchable(self, name: str) -> bool:
        """Whether unknown code cannot change what `name` holds: scalars, and fresh locals that were not handed out."""
        types = self.types(ast.Name(name, ast.Load()))
        if types and types <= {"int", "float", "str", "bool", "bytes", "NoneType", "range", "type"}:
            return True
        return name in _BUILTIN_NAMES or self.is_fresh(name)

    def _disjoint(self, changed: str, names: set[str]) -> bool:
        """Whether changing the object of `changed` cannot show through one of `names`."""
        return all(
            self.is_fresh(name)
            or name in _BUILTIN_NAMES
            or self._untouchable(name)
            or name in self.facts.imports
            or self._different_types(changed, name)
            for name in names
        )

    def _different_types(self, first: str, second: str) -> bool:
        one, two = self.types(ast.Name(first, ast.Load())), self.types(ast.Name(second, ast.Load()))
        return bool(one and two and not one & two)

    def outermost_invariant(self, node: ast.expr, at_least: int = 1) -> Iteration | None:
        """The outermost loop around `node` in whose every pass it is the same; None if there is no such loop."""
        best: Iteration | None = None
        around = self.iterations_around(node)
        for depth, iteration in enumerate(around):
            if not self.is_invariant(node, iteration):
                break
            if depth + 1 >= at_least:
                best = iteration
        return best

    def is_loaded_outside(self, name: str, inside: Iterable[ast.AST]) -> bool:
        """Whether `name` may be read somewhere that is not within the nodes `inside`, before it is bound anew."""
        within = {id(part) for node in inside for part in ast.walk(node)}
        for node in ast.walk(self.node):
            if (
                isinstance(node, ast.Name)
                and node.id == name
                and isinstance(node.ctx, ast.Load)
                and id(node) not in within
            ) and not self._rebound_around(node, name):
                return True
        return False

    def _rebound_around(self, node: ast.AST, name: str) -> bool:
        """Whether a loop or comprehension around the read binds the name itself."""
        child = node
        for ancestor in self.ancestors(node):
            if isinstance(ancestor, ast.For) and any(child is statement for statement in ancestor.body):
                if _binds(ancestor.target, name):
                    return True
            elif isinstance(ancestor, Comprehension) and any(_binds(g.target, name) for g in ancestor.generators):
                return True
            child = ancestor
        return False

    # --- types

    def types(self, node: ast.expr) -> frozenset[str]:
        """Names of the types that the expression can have; empty where that is not known."""
        return self.guesser.types(node)

    def is_type(self, node: ast.expr, *names: str) -> bool:
        """Whether the expression's type is known to be one of `names`."""
        types = self.types(node)
        return bool(types) and types <= set(names)

    def hashable(self, node: ast.expr) -> bool | None:
        """Whether the expression's value can be hashed; None where that cannot be told."""
        if isinstance(node, ast.Tuple):
            parts = [self.hashable(part) for part in node.elts]
            return False if False in parts else None if None in parts else True
        types = self.types(node)
        if not types:
            return True if self._comes_from_hash(node) else None
        if types <= HASHABLE:
            return True
        return False if types & {"list", "dict", "set", "bytearray", "ndarray", "deque", "Counter"} else None

    def _comes_from_hash(self, node: ast.expr) -> bool:
        """Whether the name only ever holds members of sets or keys of dicts."""
        if not isinstance(node, ast.Name) or node.id in self.parameters:
            return False
        bindings = self.bindings(node.id)
        for binding in bindings:
            loop = self.parent(binding)
            if not isinstance(loop, ast.For | ast.comprehension):
                return False
            source = loop.iter
            if isinstance(source, ast.Call) and ast.unparse(source.func) in ("sorted", "list") and source.args:
                source = source.args[0]
            if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr == "keys":
                source = source.func.value
            if not self.is_type(source, *_HASHED):
                return False
        return bool(bindings)


_HASHED = ("set", "dict", "frozenset", "defaultdict", "Counter")
_SCALARS = ("int", "float", "str", "bool")
_BUILTIN_NAMES = frozenset(dir(builtins))


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """`ast.walk` in the order of the text, without the insides of nested functions, lambdas and classes."""
    yield node
    if isinstance(node, Scope):
        return
    for child in ast.iter_child_nodes(node):
        yield from own_nodes(child)


def makes_new(value: ast.expr) -> bool:
    """Whether evaluating the expression makes an object that nobody else holds (or an immutable one)."""
    if isinstance(
        value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp | ast.Constant | ast.JoinedStr
    ):
        return True
    if isinstance(value, ast.Call):
        if isinstance(value.func, ast.Name):
            return value.func.id in FRESH_CALLS
        return isinstance(value.func, ast.Attribute) and value.func.attr in (
            "copy",
            "split",
            "deque",
            "defaultdict",
            "zeros",
        )
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult | ast.Add):
        return makes_new(value.left) or makes_new(value.right)
    return isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Slice)


def names_in(node: ast.AST) -> set[str]:
    """Every name that occurs in the node."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def is_int(node: ast.AST | None, value: int) -> bool:
    """Whether the node is this integer, written out."""
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == value


def range_bounds(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """Start and stop of `range(stop)` and `range(start, stop)`."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"):
        return None
    if node.keywords or not 1 <= len(node.args) <= 2:
        return None
    return (ast.Constant(0), node.args[0]) if len(node.args) == 1 else (node.args[0], node.args[1])


def length_of(node: ast.expr) -> ast.expr | None:
    """`xs` where the node is `len(xs)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1:
        return node.args[0]
    return None


def _binds(target: ast.AST, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(target))


def _imports_inside(node: ast.AST) -> dict[str, str]:
    """What the function's own import statements bind."""
    found: dict[str, str] = {}
    for statement in ast.walk(node):
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                found[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            for alias in statement.names:
                found[alias.asname or alias.name] = f"{statement.module}.{alias.name}"
    return found


__all__ = [
    "Comprehension",
    "Iteration",
    "Loop",
    "Subject",
    "is_int",
    "length_of",
    "names_in",
    "range_bounds",
    "root_name",
    "same",
]
