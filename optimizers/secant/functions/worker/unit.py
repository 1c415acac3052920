"""The unit: the outermost function that holds the target, its code compiled from any text, swapped in place.

What is swapped is `__code__` (with defaults and docstring) of the function objects that already exist. Identity is
kept, so registries, `from m import f`, partials, decorators and tuples made at import all see the candidate. What this
cannot carry over (another decorator, a default that cannot be evaluated, another closure) raises `Unswappable`, and
the caller takes the path that imports the module anew.
"""

from __future__ import annotations
import __future__

import ast
import gc
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Optional, Union, cast

from .added import Added, Landed, apart

FunctionNode = Union[ast.FunctionDef, ast.AsyncFunctionDef]
Transform = Callable[[FunctionNode], FunctionNode]
Defaults = Optional[tuple[Any, ...]]
KeywordDefaults = Optional[dict[str, Any]]


class Unswappable(Exception):  # noqa: N818 - an outcome: another path judges the candidate
    """The candidate cannot stand in for the original by swapping code; the message says why."""


class Compiled:
    """A unit's code and, where they differ from the original's, its new defaults."""

    added: Added | None = None
    """What goes into the module with it."""

    def __init__(
        self, code: types.CodeType, doc: str | None, defaults: bool, positional: Defaults, keyword: KeywordDefaults
    ) -> None:
        self.code = code
        self.doc = doc
        self.new_defaults = defaults
        self.defaults = positional
        self.keyword_defaults = keyword


class Unit:
    """Compiles texts of one function as if they stood in its file.

    `qualname` is the path of classes to the function (`Basket.total`); `first_line` the file's line of the text's
    first line, decorators included.
    """

    def __init__(self, path: str, qualname: str, first_line: int, text: str, flags: int) -> None:
        self.path = path
        self.names = qualname.split(".")
        self.first_line = first_line
        self.text = text
        self._flags = flags
        self._original = parse_function(text)
        self._header = _header(self._original)
        self._defaults = _defaults(self._original)
        self.docstring_is_test = False
        """Its docstring was collected as a doctest, so a candidate may not change it."""

    @property
    def def_line(self) -> int:
        """The file's line that a code object of the original reports as its first."""
        first = self._original.decorator_list[0] if self._original.decorator_list else self._original
        return first.lineno + self.first_line - 1

    def compile(
        self,
        text: str,
        transform: Transform | None = None,
        namespace: dict[str, Any] | None = None,
        landed: Landed | None = None,
    ) -> Compiled:
        """`Compiled` for `text`; `transform` changes the tree first (probes). Raises SyntaxError and Unswappable.

        `landed` tells on which lines the text stands, where it adds to the module.
        """
        added, text = apart(text)
        node = parse_function(text)
        if node.name != self.names[-1]:
            raise Unswappable("the candidate defines %s, not %s" % (node.name, self.names[-1]))
        if _header(node) != self._header:
            raise Unswappable("the candidate changes decorators, annotations or the number of parameters")
        changed = _defaults(node) != self._defaults
        positional = keyword = None
        if changed:
            if added:
                raise Unswappable("the candidate adds to the module and changes defaults")
            positional, keyword = self._evaluate_defaults(node, namespace)
        doc = ast.get_docstring(node, clean=False)
        if self.docstring_is_test and doc != ast.get_docstring(self._original, clean=False):
            raise Unswappable("the candidate changes a docstring that is a test")
        node.decorator_list = []
        if transform is not None:
            node = transform(node)
        compiled = Compiled(self._code(node, landed), doc, changed, positional, keyword)
        if added:
            compiled.added = Added(added, self.path, landed.added_line if landed else 1, self._flags)
        return compiled

    def code_of(self, text: str) -> types.CodeType:
        """The code object of `text`, which may take other parameters than the original."""
        return self._code(parse_function(text))

    def _code(self, node: FunctionNode, landed: Landed | None = None) -> types.CodeType:
        tree = _in_classes(node, self.names[:-1])
        ast.increment_lineno(tree, (landed.first_line if landed else self.first_line) - 1)
        module = compile(tree, self.path, "exec", flags=self._flags, dont_inherit=True)
        code = _find_code(module, self.names)
        if code is None:
            raise Unswappable("the candidate's code was not found after compiling")
        return code

    def _evaluate_defaults(
        self, node: FunctionNode, namespace: dict[str, Any] | None
    ) -> tuple[Defaults, KeywordDefaults]:
        values = [_evaluate(expression, namespace) for expression in node.args.defaults]
        keyword: dict[str, Any] = {}
        for argument, expression in zip(node.args.kwonlyargs, node.args.kw_defaults):
            if expression is not None:
                keyword[argument.arg] = _evaluate(expression, namespace)
        return tuple(values) or None, keyword or None


def parse_function(text: str) -> FunctionNode:
    """The one function definition in `text`, lines counted from 1. Raises SyntaxError for anything else."""
    indented = text[:1] in (" ", "\t")
    try:
        tree = ast.parse("if 1:\n" + text if indented else text)
    except SyntaxError as error:
        if indented and error.lineno:
            error.lineno -= 1
        raise
    body = tree.body[0].body if indented and isinstance(tree.body[0], ast.If) else tree.body
    if len(body) != 1 or not isinstance(body[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
        raise SyntaxError("the text is not exactly one function definition")
    if indented:
        ast.increment_lineno(tree, -1)
    return body[0]


def why_unparsable(error: Exception, above: int = 0) -> str:
    """`line 3: invalid syntax`, of a text that has `above` lines above it; no line where the error knows none."""
    if not isinstance(error, SyntaxError):
        return "%s: %s" % (type(error).__name__, error)
    return "line %d: %s" % (error.lineno - above, error.msg) if error.lineno else str(error.msg)


def future_flags(tree: ast.Module) -> int:
    """Compiler flags of the `from __future__` imports of a module."""
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for name in node.names:
                flags |= getattr(__future__, name.name).compiler_flag
    return flags


def existing_functions(path: str, unit: Unit) -> list[types.FunctionType]:
    """Every live function object whose code is the unit's original (several for a class made more than once)."""
    found: list[types.FunctionType] = []
    for candidate in gc.get_objects():
        if type(candidate) is types.FunctionType:
            code = candidate.__code__
            if code.co_filename == path and code.co_firstlineno == unit.def_line and code.co_name == unit.names[-1]:
                found.append(candidate)
    return found


def install(functions: Iterable[types.FunctionType], compiled: Compiled) -> None:
    """Swap the code in. Raises Unswappable where the closures do not match, or where what comes along fails."""
    for function in functions:
        if compiled.added is not None:
            try:
                compiled.added.run(function.__globals__)
            except Exception as error:  # noqa: BLE001  # because it is a candidate's code; an import of it will tell
                raise Unswappable("what it adds fails: %s: %s" % (type(error).__name__, error)) from None
        try:
            function.__code__ = compiled.code
        except ValueError as error:
            raise Unswappable(str(error)) from None
        function.__doc__ = compiled.doc
        if compiled.new_defaults:
            function.__defaults__ = compiled.defaults
            function.__kwdefaults__ = compiled.keyword_defaults


def _header(node: FunctionNode) -> tuple[list[str], list[str], str]:
    """What a code swap does not carry over, in comparable form."""
    arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
    arguments += [a for a in (node.args.vararg, node.args.kwarg) if a is not None]
    annotations = [ast.dump(a.annotation) if a.annotation else "" for a in arguments]
    returns = ast.dump(node.returns) if node.returns else ""
    return [ast.dump(d) for d in node.decorator_list], annotations, returns


def _defaults(node: FunctionNode) -> tuple[list[str], list[str]]:
    keyword = [ast.dump(d) if d is not None else "" for d in node.args.kw_defaults]
    return [ast.dump(d) for d in node.args.defaults], keyword


def _evaluate(expression: ast.expr, namespace: dict[str, Any] | None) -> Any:
    try:
        return eval(compile(ast.Expression(expression), "<default>", "eval", dont_inherit=True), namespace or {})
    except Exception as error:  # noqa: BLE001  # because a default is the user's or a candidate's expression
        raise Unswappable("a default cannot be evaluated alone: %s" % error) from None


def _in_classes(node: FunctionNode, classes: Sequence[str]) -> ast.Module:
    """A module tree whose only content is `node` inside the named classes (for mangling and `__class__`)."""
    body: list[ast.stmt] = [node]
    for name in reversed(classes):
        shell = cast("ast.ClassDef", ast.parse("class %s: pass" % name).body[0])
        shell.body = body
        body = [shell]
    return ast.Module(body=body, type_ignores=[])


def _find_code(code: types.CodeType, names: Sequence[str]) -> types.CodeType | None:
    """The code object of the dotted path; generic functions are wrapped in one more code object."""
    for constant in code.co_consts:
        if not isinstance(constant, types.CodeType):
            continue
        if constant.co_name == names[0]:
            return constant if len(names) == 1 else _find_code(constant, names[1:])
        if constant.co_name.startswith("<generic parameters"):
            inner = _find_code(constant, names)
            if inner is not None:
                return inner
    return None
