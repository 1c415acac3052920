"""Seeded bugs: takes HumanEval functions that are right and breaks them the way people do, once or twice each.

The edits come from what people get wrong (boundaries, wrong names, lost base cases, a return one level too deep, ...),
never from what a repairer can undo: this room must not import or consult `secant.rewriting`, so that the two catalogues
stay independent. Each edit is a splice of text: a bug differs from the right function in one place and keeps its
formatting. A bug is kept only if a shown test sees it and the module still runs. Everything follows from the seed; the
data set is read, never fetched.
"""

import argparse
import ast
import builtins
import gzip
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "humaneval" / "HumanEval.jsonl.gz"
FEWEST_ASSERTS = 6
DRAWS = 8  # candidate bugs tried per function and round before moving on
WALL_SECONDS = 60.0  # a backstop: the runner's own limits are in CPU time, so verdicts do not follow the load

# How often people make each kind of mistake, roughly; only the proportions matter.
WEIGHTS = {
    "boundary": 10.0, "comparison": 5.0, "operator": 8.0, "connective": 4.0, "negation": 4.0, "off by one": 10.0,
    "constant": 6.0, "default": 4.0, "initial value": 6.0, "variable": 10.0, "target": 4.0, "accumulation": 4.0,
    "argument order": 4.0, "operand order": 3.0, "missing argument": 4.0, "missing call": 7.0, "method": 6.0,
    "index": 6.0, "slice": 6.0, "parentheses": 3.0, "missing condition": 7.0, "missing guard": 6.0, "branch": 4.0,
    "missing statement": 7.0, "extra statement": 4.0, "statement order": 4.0, "reset in loop": 4.0, "indentation": 4.0,
    "early return": 5.0, "missing return": 2.0, "loop control": 4.0,
}  # fmt: skip

BOUNDARIES: dict[type[ast.AST], str] = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}
COMPARISONS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Lt: (">",), ast.LtE: (">=",), ast.Gt: ("<",), ast.GtE: ("<=",), ast.Eq: ("!=",), ast.NotEq: ("==",),
    ast.In: ("not in",), ast.NotIn: ("in",), ast.Is: ("is not",), ast.IsNot: ("is",),
}  # fmt: skip
ARITHMETIC: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Add: ("-", "*"), ast.Sub: ("+",), ast.Mult: ("+", "/"), ast.Div: ("//", "*"), ast.FloorDiv: ("/", "%"),
    ast.Mod: ("//", "/"), ast.Pow: ("*",), ast.BitXor: ("**", "|"), ast.BitAnd: ("|",), ast.BitOr: ("&",),
}  # fmt: skip
TOKENS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.BitXor: "^", ast.BitAnd: "&", ast.BitOr: "|", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Eq: "==", ast.NotEq: "!=", ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
    ast.And: "and", ast.Or: "or",
}  # fmt: skip
CONFUSED = (
    ("min", "max"), ("any", "all"), ("floor", "ceil"), ("sum", "len"), ("sum", "max"), ("int", "round"),
    ("lower", "upper"), ("islower", "isupper"), ("isalpha", "isalnum"), ("isdigit", "isalpha"),
    ("startswith", "endswith"), ("strip", "rstrip"), ("lstrip", "rstrip"), ("find", "rfind"), ("find", "index"),
    ("keys", "values"), ("items", "values"), ("append", "extend"), ("sorted", "list"), ("set", "list"),
    ("sorted", "set"), ("split", "splitlines"), ("chr", "str"), ("ord", "int"), ("swapcase", "upper"),
    ("insert", "append"), ("bin", "str"), ("union", "intersection"),
)  # fmt: skip
INITIAL_VALUES = {
    "0": ("1", "-1"), "1": ("0",), "[]": ("[0]",), "''": ("' '",), '""': ('" "',), "True": ("False",),
    "False": ("True",),
}  # fmt: skip
FORGETTABLE = {"abs", "sorted", "set", "int", "str", "round", "len", "reversed", "list", "tuple", "float", "ord", "max"}
FORGETTABLE_METHODS = {"lower", "upper", "strip", "rstrip", "lstrip", "split", "swapcase", "keys", "values", "copy"}

# Runs in a fresh interpreter: executes a module, then its asserts one by one, and answers a word a line.
RUNNER = """
import json, os, resource, signal, sys
order = json.load(sys.stdin)
answer = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
resource.setrlimit(resource.RLIMIT_CPU, (5, 6))
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
class Endless(BaseException):
    pass
def stop(*_):
    raise Endless
signal.signal(signal.SIGVTALRM, stop)
def verdict(code, room):
    signal.setitimer(signal.ITIMER_VIRTUAL, order["seconds"])
    try:
        exec(code, room)
        return "pass"
    except AssertionError:
        return "wrong"
    except Endless:
        return "endless"
    except BaseException as error:  # because whatever a broken module raises is its verdict
        return type(error).__name__
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
room = {"__name__": "solution"}
for part in [order["source"], *order["asserts"]]:
    word = verdict(part, room)
    os.write(answer, (word + "\\n").encode())
    if word == "endless":
        break
"""


class Problem(BaseModel):
    """A right module, the tested function in it, and the asserts of its `check`, written with the function's name."""

    model_config = ConfigDict(frozen=True)

    task_id: str
    entry_point: str
    source: str
    asserts: tuple[str, ...]


class Bug(BaseModel):
    """A broken module beside the right one. `shown` is what a repairer may see, `hidden` what it is judged by."""

    model_config = ConfigDict(frozen=True)

    task_id: str
    entry_point: str
    buggy: str
    correct: str
    kind: str
    shown: tuple[str, ...]
    hidden: tuple[str, ...]


class Edit(NamedTuple):
    """Replace the bytes start..end of a source by a text."""

    kind: str
    start: int
    end: int
    text: str


# ---- the data --------------------------------------------------------------------------------------------------------


def problems(data: Path = DATA) -> list[Problem]:
    """The problems whose `check` is a flat list of at least six asserts. Raises FileNotFoundError with what to do."""
    if not data.is_file():
        raise FileNotFoundError(
            f"HumanEval is not at {data}. Put HumanEval.jsonl.gz there, or pass its path (data=, --data)."
        )
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    found: list[Problem] = []
    for row in rows:
        asserts = flat_asserts(row["test"], row["entry_point"])
        if len(asserts) >= FEWEST_ASSERTS:
            source = (row["prompt"] + row["canonical_solution"]).rstrip() + "\n"
            found.append(
                Problem(task_id=row["task_id"], entry_point=row["entry_point"], source=source, asserts=asserts)
            )
    return found


def flat_asserts(test: str, name: str) -> tuple[str, ...]:
    """The asserts of `check` about the candidate, or () when it holds anything else (loops, helpers, other names)."""
    functions = [node for node in ast.parse(test).body if isinstance(node, ast.FunctionDef)]
    if [function.name for function in functions] != ["check"]:
        return ()
    found: dict[str, None] = {}  # a dictionary, because a repeated assert is one test
    for statement in functions[0].body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        if not isinstance(statement, ast.Assert):
            return ()
        names = [node for node in ast.walk(statement.test) if isinstance(node, ast.Name)]
        if any(node.id != "candidate" and not hasattr(builtins, node.id) for node in names):
            return ()
        for node in names:
            node.id = name if node.id == "candidate" else node.id
        if any(node.id == name for node in names):
            found[f"assert {ast.unparse(statement.test)}"] = None
    return tuple(found)


# ---- what an edit can see --------------------------------------------------------------------------------------------


class Scene:
    """One function inside its module, with positions in bytes, parents and the names in scope."""

    def __init__(self, source: str, name: str) -> None:
        self.source = source.encode()
        self.starts = [0]
        for line in self.source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        tree = ast.parse(source)
        self.parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        self.function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
        has_docstring = ast.get_docstring(self.function, clean=False) is not None
        self.body = self.function.body[1:] if has_docstring else self.function.body
        roots: list[ast.AST] = [*self.function.args.defaults, *self.body]
        self.nodes = [node for root in roots for node in ast.walk(root)]
        self.locals = self.function_names()

    def function_names(self) -> list[str]:
        names = {argument.arg for argument in self.function.args.args}
        stored = (node for node in self.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        return sorted(names | {node.id for node in stored if not isinstance(self.parents[node], ast.comprehension)})

    def in_scope(self, node: ast.AST) -> list[str]:
        """The function's own names and those of the comprehensions around the node."""
        names = set(self.locals)
        while node in self.parents and node is not self.function:
            node = self.parents[node]
            for loop in getattr(node, "generators", ()):
                names |= {part.id for part in ast.walk(loop.target) if isinstance(part, ast.Name)}
        return sorted(names)

    def role(self, name: str) -> str:
        if any(argument.arg == name for argument in self.function.args.args):
            return "parameter"
        loops = (node for node in self.nodes if isinstance(node, ast.For | ast.comprehension))
        targets = (part for loop in loops for part in ast.walk(loop.target))
        return "loop" if any(isinstance(part, ast.Name) and part.id == name for part in targets) else "result"

    def offset(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column)

    def lines(self, node: ast.stmt) -> tuple[int, int]:
        return self.starts[node.lineno - 1], self.starts[node.end_lineno or node.lineno]

    def slice(self, start: int, end: int) -> str:
        return self.source[start:end].decode()

    def text(self, node: ast.expr | ast.stmt) -> str:
        return self.slice(*self.span(node))

    def alone(self, node: ast.stmt) -> bool:
        """Whether the statement has its lines to itself."""
        (start, end), (first, last) = self.span(node), self.lines(node)
        return not self.slice(first, start).strip() and not self.slice(end, last).split("#")[0].strip()

    def indentation(self, node: ast.stmt) -> str:
        return " " * node.col_offset

    def swap(self, kind: str, node: ast.expr | ast.stmt, text: str) -> Edit:
        return Edit(kind, *self.span(node), text)

    def after(self, kind: str, node: ast.expr | ast.stmt, text: str) -> Edit:
        end = self.span(node)[1]
        return Edit(kind, end, end, text)

    def between(self, kind: str, left: ast.expr, right: ast.expr, old: str, new: str) -> Iterator[Edit]:
        """Change the operator that stands between two operands."""
        start, end = self.span(left)[1], self.span(right)[0]
        gap = self.slice(start, end)
        if old in gap:
            yield Edit(kind, start, end, gap.replace(old, new, 1))

    def blocks(self) -> Iterator[list[ast.stmt]]:
        """Every list of statements of the function whose statements have lines to themselves."""
        yield self.body
        nested = [
            node for node in self.nodes if isinstance(node, ast.For | ast.While | ast.If | ast.With | ast.FunctionDef)
        ]
        for node in nested:
            for block in (node.body, getattr(node, "orelse", [])):
                if block and all(self.alone(statement) for statement in block):
                    yield block


Operator = Callable[[Scene], Iterator[Edit]]


# ---- slips inside an expression --------------------------------------------------------------------------------------


def comparisons(scene: Scene) -> Iterator[Edit]:
    for node in scene.nodes:
        if not isinstance(node, ast.Compare):
            continue
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            old = TOKENS[type(operator)]
            if type(operator) in BOUNDARIES:
                yield from scene.between("boundary", left, right, old, BOUNDARIES[type(operator)])
            for new in COMPARISONS[type(operator)]:
                yield from scene.between("comparison", left, right, old, new)


def arithmetic(scene: Scene) -> Iterator[Edit]:
    for node in scene.nodes:
        if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
            for new in ARITHMETIC[type(node.op)]:
                yield from scene.between("operator", node.left, node.right, TOKENS[type(node.op)], new)
            if isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.Mod):
                gap = scene.slice(scene.span(node.left)[1], scene.span(node.right)[0])
                if gap.strip() == TOKENS[type(node.op)]:
                    yield scene.swap("operand order", node, f"{scene.text(node.right)}{gap}{scene.text(node.left)}")
            if (
                isinstance(node.right, ast.Constant)
                and node.right.value == 1
                and isinstance(node.op, ast.Add | ast.Sub)
            ):
                yield scene.swap("off by one", node, scene.text(node.left))
        elif isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
            old = f"{TOKENS[type(node.op)]}="
            yield from scene.between("operator", node.target, node.value, old, f"{ARITHMETIC[type(node.op)][0]}=")
            yield from scene.between("accumulation", node.target, node.value, old, "=")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            yield scene.swap("operator", node, scene.text(node.operand))


def parentheses(scene: Scene) -> Iterator[Edit]:
    for node in scene.nodes:
        if isinstance(node, ast.BinOp) and isinstance(scene.parents[node], ast.BinOp):
            start, end = scene.span(node)
            if scene.slice(start - 1, start) == "(" and scene.slice(end, end + 1) == ")":
                yield Edit("parentheses", start - 1, end + 1, scene.text(node))


def conditions(scene: Scene) -> Iterator[Edit]:
    for node in scene.nodes:
        if isinstance(node, ast.BoolOp):
            old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in pairwise(node.values):
                yield from scene.between("connective", left, right, old, new)
                yield Edit("missing condition", scene.span(left)[1], scene.span(right)[1], "")
                yield Edit("missing condition", scene.span(left)[0], scene.span(right)[0], "")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield scene.swap("negation", node, scene.text(node.operand))
        elif isinstance(node, ast.If | ast.IfExp) and not isinstance(node.test, ast.BoolOp | ast.UnaryOp | ast.Compare):
            yield scene.swap("negation", node.test, f"not {scene.text(node.test)}")
        if isinstance(node, ast.IfExp):
            yield scene.swap("branch", node, exchanged(scene, node.body, node.orelse, node))
        for loop in getattr(node, "generators", ()):
            last = loop.iter if not loop.ifs else loop.ifs[-1]
            if loop.ifs:
                yield Edit("missing condition", scene.span(loop.iter)[1], scene.span(last)[1], "")


def exchanged(scene: Scene, left: ast.expr, right: ast.expr, whole: ast.expr) -> str:
    """The text of the whole with two of its parts, left before right, exchanged."""
    (start, end), (first, middle), (again, last) = scene.span(whole), scene.span(left), scene.span(right)
    pieces = (start, first), (again, last), (middle, again), (first, middle), (last, end)
    return "".join(scene.slice(*piece) for piece in pieces)


def constants(scene: Scene) -> Iterator[Edit]:
    for node in scene.nodes:
        if not isinstance(node, ast.Constant) or isinstance(
            scene.parents[node], ast.JoinedStr | ast.FormattedValue | ast.Expr
        ):
            continue
        parent = scene.parents[node]
        if isinstance(parent, ast.UnaryOp) and isinstance(scene.parents[parent], ast.Slice):
            continue  # nobody means x[::-1] and writes x[::-2]
        is_get = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "get"
        kind = "default" if is_get or isinstance(parent, ast.arguments) else "constant"
        for value in misremembered(node.value):
            yield scene.swap(kind, node, repr(value))


def misremembered(value: object) -> list[object]:
    """What people write instead of a constant."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, *([value - 1] if value else []), *([value * 10] if value >= 10 else [])]
    if isinstance(value, float):
        return [value + 1.0, value / 2 if value else 1.0]
    if isinstance(value, str):
        if len(value) <= 1:
            return [" " if not value else "", *([value.swapcase()] if value.isalpha() else [])]
        return [value[:-1], value[1:], *([value.swapcase()] if value.swapcase() != value else [])]
    return []


def variables(scene: Scene) -> Iterator[Edit]:
    for node in scene.nodes:
        if isinstance(node, ast.Name) and node.id in scene.in_scope(node):
            is_target = isinstance(node.ctx, ast.Store)
            if is_target and not isinstance(scene.parents[node], ast.Assign | ast.AugAssign):
                continue
            for name in scene.in_scope(node):
                if name != node.id and is_confusable(scene, node.id, name):
                    yield scene.swap("target" if is_target else "variable", node, name)


def is_confusable(scene: Scene, name: str, other: str) -> bool:
    """People take a name for one that looks like it, or that plays the same part: parameter, loop variable, result."""
    looks_alike = SequenceMatcher(None, name, other).ratio() >= 0.5 or len(name) == len(other) == 1
    return looks_alike or scene.role(name) == scene.role(other)


def calls(scene: Scene) -> Iterator[Edit]:
    for node in scene.nodes:
        if not isinstance(node, ast.Call):
            continue
        for left, right in pairwise(node.args):
            yield scene.swap("argument order", node, exchanged(scene, left, right, node))
            yield Edit("missing argument", scene.span(left)[1], scene.span(right)[1], "")
        for keyword in node.keywords:
            if node.args:
                yield Edit("missing argument", scene.span(node.args[-1])[1], scene.span(keyword.value)[1], "")
        yield from forgotten(scene, node)
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        _, end = scene.span(node.func)
        for pair in CONFUSED:
            if name in pair:
                yield Edit("method", end - len(name), end, pair[1 - pair.index(name)])
        if name == "range":
            yield from misjudged_range(scene, node)


def misjudged_range(scene: Scene, node: ast.Call) -> Iterator[Edit]:
    bound = node.args[-1] if len(node.args) < 3 else node.args[1]
    if not isinstance(bound, ast.BinOp):
        yield scene.after("off by one", bound, " - 1")
        yield scene.after("off by one", bound, " + 1")
    if len(node.args) == 2:
        yield scene.after("off by one", node.args[0], " + 1")
        yield Edit("off by one", scene.span(node.args[0])[0], scene.span(node.args[1])[0], "")


def forgotten(scene: Scene, node: ast.Call) -> Iterator[Edit]:
    if isinstance(node.func, ast.Name) and node.func.id in FORGETTABLE and node.args:
        yield scene.swap("missing call", node, scene.text(node.args[0]))
    elif isinstance(node.func, ast.Attribute) and node.func.attr in FORGETTABLE_METHODS:
        yield scene.swap("missing call", node, scene.text(node.func.value))


def subscripts(scene: Scene) -> Iterator[Edit]:
    for node in scene.nodes:
        if not isinstance(node, ast.Subscript):
            continue
        place = node.slice
        if isinstance(place, ast.Slice):
            yield scene.swap("slice", node, scene.text(node.value))
            for bound in filter(None, (place.lower, place.upper)):
                yield Edit("slice", *scene.span(bound), "")
                if isinstance(bound, ast.BinOp):
                    continue
                yield scene.after("slice", bound, " + 1")
                yield scene.after("slice", bound, " - 1")
            if place.lower and not place.upper and not place.step:
                start, end = scene.span(place.lower)
                yield Edit("slice", start, scene.span(node)[1], f":{scene.slice(start, end)}]")
            if place.step:
                yield Edit("slice", scene.span(place.step)[0], scene.span(place.step)[1], "")
            continue
        if isinstance(place, ast.Name | ast.Call):
            yield scene.after("index", place, " + 1")
            yield scene.after("index", place, " - 1")
        elif scene.text(place) in ("0", "-1"):
            yield scene.swap("index", place, "-1" if scene.text(place) == "0" else "0")
        if isinstance(node.value, ast.Subscript) and not isinstance(node.value.slice, ast.Slice):
            yield scene.swap("index", node, exchanged(scene, node.value.slice, place, node))


# ---- slips with whole statements -------------------------------------------------------------------------------------


def missing_statements(scene: Scene) -> Iterator[Edit]:
    """What was never typed: one small statement among others, never all that a function or a loop does."""
    for block in scene.blocks():
        for statement, after in zip(block, [*block[1:], None], strict=True):
            if not scene.alone(statement):
                continue
            if isinstance(statement, ast.Return) and statement.value:
                yield scene.swap("missing return", statement, scene.text(statement.value))
            elif isinstance(statement, ast.Break | ast.Continue):
                yield scene.swap("loop control", statement, "continue" if isinstance(statement, ast.Break) else "break")
            if len(block) == 1 or isinstance(statement, ast.Return):
                continue
            if isinstance(statement, ast.Break | ast.Continue):
                yield Edit("loop control", *scene.lines(statement), "")
            elif isinstance(statement, ast.If) and len(statement.body) == 1 and not statement.orelse:
                # without it `return True` alone would be left: that is an unwritten function, not a slip
                decides = isinstance(after, ast.Return) and isinstance(after.value, ast.Constant)
                if isinstance(statement.body[0], ast.Return) and not decides:
                    yield Edit("missing guard", *scene.lines(statement), "")
                elif not isinstance(statement.body[0], ast.Return):
                    yield Edit("missing statement", *scene.lines(statement), "")
            elif isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr):
                yield Edit("missing statement", *scene.lines(statement), "")


def extra_statements(scene: Scene) -> Iterator[Edit]:
    for block in scene.blocks():
        for statement in block:
            start, end = scene.lines(statement)
            if isinstance(statement, ast.AugAssign | ast.Expr):
                yield Edit("extra statement", end, end, scene.slice(start, end))
        last = block[-1]
        if isinstance(scene.parents[last], ast.For | ast.While) and not isinstance(last, ast.Return | ast.Break):
            end = scene.lines(last)[1]
            yield Edit("loop control", end, end, f"{scene.indentation(last)}break\n")


def neighbours(scene: Scene) -> Iterator[Edit]:
    """What goes wrong between two statements: their order, a return or an initial value that slid into the loop."""
    simple = ast.Assign | ast.AugAssign | ast.Expr | ast.If
    for block in scene.blocks():
        for first, second in pairwise(block):
            if not scene.alone(first) or not scene.alone(second):
                continue
            (start, middle), (again, end) = scene.lines(first), scene.lines(second)
            if isinstance(first, simple) and isinstance(second, simple):
                texts = scene.slice(again, end), scene.slice(middle, again), scene.slice(start, middle)
                yield Edit("statement order", start, end, "".join(texts))
            if isinstance(first, ast.For | ast.While | ast.If) and isinstance(second, ast.Return):
                yield Edit(
                    "early return", again, end, shifted(scene.slice(again, end), inner(first) - first.col_offset)
                )
            if (
                isinstance(first, ast.Assign)
                and isinstance(second, ast.For | ast.While)
                and scene.alone(second.body[0])
            ):
                head = scene.slice(middle, scene.lines(second.body[0])[0])
                moved = shifted(scene.slice(start, middle), inner(second) - second.col_offset)
                yield Edit("reset in loop", start, scene.lines(second.body[0])[0], head + moved)


def inner(statement: ast.For | ast.While | ast.If) -> int:
    return statement.body[0].col_offset


def shifted(text: str, columns: int) -> str:
    """The lines of a text moved right, or left when columns is negative."""
    lines = text.splitlines(keepends=True)
    return "".join(" " * columns + line if columns > 0 else line[-columns:] if line.strip() else line for line in lines)


def indentations(scene: Scene) -> Iterator[Edit]:
    for node in scene.nodes:
        if not isinstance(node, ast.For | ast.While | ast.If) or node.orelse or not scene.alone(node.body[0]):
            continue
        last = node.body[-1]
        if len(node.body) > 1:
            start, end = scene.lines(last)
            yield Edit("indentation", start, end, shifted(scene.slice(start, end), node.col_offset - inner(node)))
        if isinstance(node, ast.If) and scene.source[scene.span(node)[0] :].startswith(b"if"):
            start, end = scene.lines(node.body[0])[0], scene.lines(last)[1]
            body = shifted(scene.slice(start, end), node.col_offset - inner(node))
            yield Edit("missing condition", scene.lines(node)[0], end, body)


def branches(scene: Scene) -> Iterator[Edit]:
    for node in scene.nodes:
        if not isinstance(node, ast.If) or not node.orelse:
            continue
        final = node.orelse[-1]
        if isinstance(node.orelse[0], ast.If) and scene.text(node.orelse[0]).startswith("elif"):
            start, _ = scene.span(node.orelse[0])
            yield Edit("branch", start, start + len("elif"), "if")
            continue
        if len(node.orelse) == 1 and not isinstance(final, ast.For | ast.While | ast.If):
            yield Edit("branch", scene.lines(node.body[-1])[1], scene.lines(final)[1], "")
        if scene.alone(node.body[0]) and scene.alone(node.orelse[0]):
            (start, middle), (again, end) = block_lines(scene, node.body), block_lines(scene, node.orelse)
            texts = scene.slice(again, end), scene.slice(middle, again), scene.slice(start, middle)
            yield Edit("branch", start, end, "".join(texts))


def block_lines(scene: Scene, block: list[ast.stmt]) -> tuple[int, int]:
    return scene.lines(block[0])[0], scene.lines(block[-1])[1]


def initial_values(scene: Scene) -> Iterator[Edit]:
    """The value that a name has before a loop changes it."""
    for block in scene.blocks():
        loops = [number for number, statement in enumerate(block) if isinstance(statement, ast.For | ast.While)]
        for number, statement in enumerate(block):
            if isinstance(statement, ast.Assign) and any(number < loop for loop in loops):
                text = scene.text(statement.value)
                for other in INITIAL_VALUES.get(text, ("0",) if isinstance(statement.value, ast.Subscript) else ()):
                    yield scene.swap("initial value", statement.value, other)


OPERATORS: tuple[Operator, ...] = (
    comparisons, arithmetic, parentheses, conditions, constants, variables, calls, subscripts, missing_statements,
    extra_statements, neighbours, indentations, branches, initial_values,
)  # fmt: skip


# ---- choosing and keeping --------------------------------------------------------------------------------------------


def edits_of(problem: Problem) -> dict[str, list[Edit]]:
    """Every edit of the problem's function by kind, without doubles."""
    scene = Scene(problem.source, problem.entry_point)
    found: dict[str, list[Edit]] = {}
    for edit in dict.fromkeys(edit for operator in OPERATORS for edit in operator(scene)):
        found.setdefault(edit.kind, []).append(edit)
    return found


def apply(source: str, edits: list[Edit]) -> str | None:
    """The source after the edits, or None when it would not parse or means the same."""
    text = source.encode()
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text.encode() + text[edit.end :]
    changed = text.decode()
    try:
        # compile, not parse: a `break` outside its loop parses
        compile(changed, "solution.py", "exec", dont_inherit=True)
        same = ast.dump(ast.parse(changed)) == ast.dump(ast.parse(source))
    except SyntaxError:
        return None
    return None if same else changed


def outcomes(source: str, asserts: tuple[str, ...], seconds: float = 1.0) -> list[str]:
    """What became of each assert: pass, wrong, an exception's name, or endless after so many seconds of CPU."""
    order = json.dumps({"source": source, "asserts": asserts, "seconds": seconds})
    command = [sys.executable, "-I", "-S", "-W", "ignore", "-c", RUNNER]
    environment = {"PYTHONHASHSEED": "0"}
    try:
        done = subprocess.run(
            command, input=order.encode(), capture_output=True, timeout=WALL_SECONDS, env=environment, check=False
        )
        words = done.stdout.decode().split()
    except subprocess.TimeoutExpired as late:
        words = (late.stdout or b"").decode().split()
    if words[:1] != ["pass"]:
        return words[:1] * len(asserts) or ["endless"] * len(asserts)
    return words[1:] + ["endless"] * (len(asserts) - len(words) + 1)


def is_visible(source: str, shown: tuple[str, ...]) -> bool:
    """Whether a shown assert fails, and not all of them for a reason that one look at the traceback ends."""
    words = outcomes(source, shown)
    crashes = {"NameError", "UnboundLocalError", "TypeError", "AttributeError", "SyntaxError"}
    return any(word != "pass" for word in words) and not crashes.issuperset(words)


def broken(problem: Problem, shown: tuple[str, ...], edits: list[Edit]) -> Bug | None:
    """The bug that the edits make together; None unless they are on different lines and each alone is visible too."""
    lines = [set(line_range(problem.source, edit)) for edit in edits]
    if any(left & right for left, right in combinations(lines, 2)):
        return None
    alone = [[edit] for edit in edits] if len(edits) > 1 else []
    for chosen in (edits, *alone):
        changed = apply(problem.source, chosen)
        if changed is None or not is_visible(changed, shown):
            return None
    return Bug(
        task_id=problem.task_id,
        entry_point=problem.entry_point,
        buggy=apply(problem.source, edits) or "",
        correct=problem.source,
        kind=" + ".join(edit.kind for edit in edits),
        shown=shown,
        hidden=tuple(line for line in problem.asserts if line not in shown),
    )


def line_range(source: str, edit: Edit) -> range:
    text = source.encode()
    return range(text.count(b"\n", 0, edit.start), text.count(b"\n", 0, edit.end) + 1)


class Choice:
    """Draws edits by the weight of their kind; a kind that has been kept often comes less often."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.kept: Counter[str] = Counter()

    def draw(self, menu: dict[str, list[Edit]]) -> Edit:
        kinds = sorted(menu)
        kind = self.rng.choices(kinds, weights=[WEIGHTS[kind] / (1 + self.kept[kind]) for kind in kinds])[0]
        return self.rng.choice(menu[kind])


def generate(count: int, seed: int, edits: int = 1, data: Path = DATA) -> list[Bug]:
    """`count` distinct bugs, spread evenly over the functions. Raises ValueError when there are not that many."""
    rng = random.Random(seed)
    choice = Choice(rng)
    pool = problems(data)
    shown = {problem.task_id: problem.asserts[rng.randrange(2) :: 2] for problem in pool}
    menus = {problem.task_id: edits_of(problem) for problem in pool}
    found: dict[tuple[str, str], Bug] = {}
    while len(found) < count:
        before = len(found)
        for problem in rng.sample(pool, len(pool)):
            for _ in range(DRAWS):
                chosen = [choice.draw(menus[problem.task_id]) for _ in range(edits)]
                bug = broken(problem, shown[problem.task_id], chosen)
                if bug is not None and (bug.task_id, bug.buggy) not in found:
                    found[bug.task_id, bug.buggy] = bug
                    choice.kept.update(edit.kind for edit in chosen)
                    break
            if len(found) == count:
                break
        if len(found) == before:
            raise ValueError(f"asked for {count} bugs, found {before} in {len(pool)} functions: ask for fewer")
    return list(found.values())


def write_project(bug: Bug, folder: Path) -> None:
    """Write `solution.py` and `test_solution.py`, one test for each shown assert."""
    folder.mkdir(parents=True, exist_ok=True)
    tests = [f"def test_{number}():\n    {line}\n" for number, line in enumerate(bug.shown)]
    (folder / "solution.py").write_text(bug.buggy, encoding="utf-8")
    header = f"from solution import {bug.entry_point}\n"
    (folder / "test_solution.py").write_text("\n\n".join([header, *tests]), encoding="utf-8")


def hidden_passed(bug: Bug, source: str) -> bool:
    """Whether a proposed module passes every hidden assert."""
    return all(word == "pass" for word in outcomes(source, bug.hidden))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write seeded bugs as small pytest projects.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=130)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--edits", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    bugs = generate(options.count, options.seed, options.edits, options.data)
    for number, bug in enumerate(bugs):
        write_project(bug, options.folder / f"{number:03d}-{bug.entry_point}")
    functions = len({bug.task_id for bug in bugs})
    print(f"{len(bugs)} bugs in {functions} functions under {options.folder}")
    for kind, amount in Counter(bug.kind for bug in bugs).most_common():
        print(f"{amount:5d}  {kind}")


if __name__ == "__main__":
    main()
