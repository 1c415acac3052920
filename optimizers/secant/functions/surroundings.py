"""What the module's text says about a function's surroundings: names, imports, the class around it.

The static half of `rewriting.facts.Facts`; what running the tests shows (types, coverage) is added elsewhere.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence

from secant.functions.definitions import FunctionNode
from secant.functions.locate import LocatedFunction
from secant.functions.syntax import parse_module
from secant.functions.textfile import TextFile
from secant.rewriting.facts import Facts

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def facts(
    file: TextFile,
    located: LocatedFunction,
    *,
    python: tuple[int, int] = (3, 11),
    own_modules: Collection[str] = (),
) -> Facts:
    """The names that the function can see. `own_modules` are the project's top-level modules, never third-party.

    Raises SourceSyntaxError where the file does not parse.
    """
    statements = list(_module_level(parse_module(file).body))
    imports = _imports(statements)
    owner = _owner(statements, located)
    methods = [node for node in owner.body if isinstance(node, FunctionNode)] if owner else []
    names = tuple(dict.fromkeys(method.name for method in methods))
    return Facts(
        module_functions={node.name: _parameters(node) for node in statements if isinstance(node, FunctionNode)},
        module_classes=tuple(dict.fromkeys(node.name for node in statements if isinstance(node, ast.ClassDef))),
        module_values=_values(statements),
        imports=imports,
        class_name=owner.name if owner else None,
        class_methods=names,
        instance_attributes=_attributes(owner, methods, names) if owner else (),
        installed=_third_party(imports, own_modules),
        python=python,
    )


def _module_level(statements: Sequence[ast.AST]) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported: in branches too, but not in functions and classes."""
    for node in statements:
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case) and not isinstance(node, _SCOPES):
            yield from _module_level(list(ast.iter_child_nodes(node)))


def _parameters(node: FunctionNode) -> tuple[str, ...]:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    return tuple(argument.arg for argument in every if argument is not None)


def _imports(statements: Sequence[ast.stmt]) -> Mapping[str, str]:
    """Local name to dotted origin; a relative import keeps its dots: `.basket.Basket`."""
    found: dict[str, str] = {}
    for statement in statements:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                found[alias.asname or alias.name.partition(".")[0]] = alias.name if alias.asname else _top(alias.name)
        elif isinstance(statement, ast.ImportFrom) and statement.module != "__future__":
            module = "." * statement.level + (f"{statement.module}." if statement.module else "")
            found.update({alias.asname or alias.name: module + alias.name for alias in statement.names})
    found.pop("*", None)
    return found


def _values(statements: Sequence[ast.stmt]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for statement in statements:
        if not isinstance(statement, FunctionNode | ast.ClassDef):
            names |= dict.fromkeys(_stored(statement))
    return tuple(name for name in names if not (name.startswith("__") and name.endswith("__")))


def _stored(statement: ast.stmt) -> Iterator[str]:
    """Names that the statement itself assigns; its inner statements are visited on their own."""
    match statement:
        case ast.Assign(targets=targets):
            pass
        case ast.AnnAssign(target=target, value=ast.expr()) | ast.For(target=target):
            targets = [target]
        case ast.With(items=items):
            targets = [item.optional_vars for item in items if item.optional_vars]
        case _:
            return
    for target in targets:
        yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name) and _is_store(node))


def _is_store(node: ast.Name | ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Store)


def _owner(statements: Sequence[ast.stmt], located: LocatedFunction) -> ast.ClassDef | None:
    """The innermost class around the function; for a function inside a method, the method's class."""
    holders = [
        node
        for statement in statements
        if isinstance(statement, FunctionNode | ast.ClassDef)
        for node in ast.walk(statement)
        if isinstance(node, ast.ClassDef) and node.lineno < located.first_line <= (node.end_lineno or node.lineno)
    ]
    return max(holders, key=lambda node: node.lineno, default=None)


def _attributes(owner: ast.ClassDef, methods: Sequence[FunctionNode], names: Collection[str]) -> tuple[str, ...]:
    """Fields of the class's body, and what its methods read or write on their first parameter."""
    found = dict.fromkeys(name for statement in owner.body for name in _stored_in_class(statement))
    for method in methods:
        receiver = next(iter(_parameters(method)), None)
        for node in ast.walk(method):
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == receiver:
                    found[attribute] = None
                case _:
                    pass
    return tuple(name for name in found if name not in names)


def _stored_in_class(statement: ast.stmt) -> Iterator[str]:
    """As in a module, and a dataclass's field without a value as well."""
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id
    else:
        yield from (name for name in _stored(statement) if not name.startswith("__"))


def _third_party(imports: Mapping[str, str], own_modules: Collection[str]) -> tuple[str, ...]:
    tops = dict.fromkeys(_top(origin) for origin in imports.values() if not origin.startswith("."))
    return tuple(top for top in tops if top not in sys.stdlib_module_names and top not in own_modules)


def _top(dotted: str) -> str:
    return dotted.partition(".")[0]
