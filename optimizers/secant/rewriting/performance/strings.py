"""Texts and lists that are built or compared piece by piece: `join`, `append`, and one comparison with the reverse."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import Match, match_statement
from secant.rewriting.performance.queues import was_empty
from secant.rewriting.performance.subject import Subject


def joined_pieces(subject: Subject) -> Iterator[Rewrite | None]:
    """`text += piece` in a loop that does not read `text` -> the pieces in a list, joined behind the loop.

    Applies to local strings and pieces that are known to be strings. `text = piece + text` is joined in reverse.
    """
    for loop in subject.nodes:
        if not isinstance(loop, ast.For | ast.While) or subject.iterations_around(loop):
            continue
        names = {n.id for n in ast.walk(loop) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        for name in sorted(names):
            if subject.is_type(ast.Name(name, ast.Load()), "str"):
                yield _joined(subject, loop, name)


def _joined(subject: Subject, loop: ast.For | ast.While, name: str) -> Rewrite | None:
    added: list[tuple[ast.stmt, ast.expr]] = []
    backwards: set[bool] = set()
    for node in ast.walk(loop):
        if not isinstance(node, ast.stmt):
            continue
        forward = match_statement(f"{name} += _piece", node)
        backward = match_statement(f"{name} = _piece + {name}", node) if isinstance(node, ast.Assign) else None
        found = forward or backward
        if found is not None:
            added.append((node, found["_piece"]))
            backwards.add(forward is None)
    uses = [n for n in ast.walk(loop) if isinstance(n, ast.Name) and n.id == name]
    expected = sum(1 if isinstance(statement, ast.AugAssign) else 2 for statement, _ in added)
    leaves = any(isinstance(n, ast.Return | ast.Yield | ast.YieldFrom | ast.Try) for n in ast.walk(loop))
    if not added or len(backwards) != 1 or len(uses) != expected or leaves:
        return None
    if not all(subject.is_type(piece, "str") for _, piece in added):
        return None
    return _with_pieces(subject, loop, name, added, backwards.pop())


def _with_pieces(
    subject: Subject, loop: ast.stmt, name: str, added: list[tuple[ast.stmt, ast.expr]], backward: bool
) -> Rewrite | None:
    pieces = subject.free_name("pieces", f"{name}_pieces")
    draft = Draft(subject)
    draft.before(loop, f"{pieces} = []")
    for statement, piece in added:
        draft.statements(statement, statement, f"{pieces}.append({ast.unparse(piece)})")
    empty = was_empty(subject, name, loop, ("''", '""'))
    joined = f"''.join(reversed({pieces}))" if backward else f"''.join({pieces})"
    whole = joined if empty else f"{joined} + {name}" if backward else f"{name} + {joined}"
    draft.after(loop, f"{name} = {whole}")
    return draft.finish("joined_pieces", f"joins the pieces of {name}", 0.65 if backward else 0.35)


def appended(subject: Subject) -> Iterator[Rewrite | None]:
    """`xs = xs + [x]` in a loop -> `xs.append(x)`; `xs = xs + ys` -> `xs.extend(ys)`.

    Applies to local lists that no other name holds, so that nobody sees the difference between a new list and the
    grown one.
    """
    draft = Draft(subject)
    for node in subject.nodes:
        if not isinstance(node, ast.stmt) or not subject.iterations_around(node):
            continue
        found = match_statement("_xs += _ys", node)
        if found is None or not isinstance(found["_xs"], ast.Name) or not isinstance(node, ast.AugAssign):
            continue
        if not isinstance(subject.parent(found["_xs"]), ast.AugAssign) or not _is_plain_sum(subject, node):
            continue
        name, more = found["_xs"].id, found["_ys"]
        if not _is_local_list(subject, name) or subject.escapes(name):
            continue
        if isinstance(more, ast.List) and len(more.elts) == 1 and not isinstance(more.elts[0], ast.Starred):
            draft.statements(node, node, f"{name}.append({ast.unparse(more.elts[0])})")
        elif subject.is_type(more, "list"):
            draft.statements(node, node, f"{name}.extend({ast.unparse(more)})")
    yield draft.finish("appended", "appends to the list instead of copying it", 0.88)


def _is_plain_sum(subject: Subject, node: ast.stmt) -> bool:
    """Whether the statement is written `xs = xs + ys`, which copies, and not `xs += ys`."""
    return "+=" not in subject.source.segment(node).split("\n")[0].replace(" ", "")[:80]


def _is_local_list(subject: Subject, name: str) -> bool:
    """Whether the name is bound by displays and by its own sums only."""
    if name in subject.parameters:
        return False
    for binding in subject.bindings(name):
        parent = subject.parent(binding)
        if isinstance(parent, ast.Assign) and not isinstance(parent.value, ast.List | ast.ListComp):
            return False
        if not isinstance(parent, ast.Assign | ast.AugAssign):
            return False
    return True


def reversed_text(subject: Subject) -> Iterator[Rewrite | None]:
    """A string built backwards, character by character -> `text[::-1]`.

    `for c in text: r = c + r` and `for i in range(len(text) - 1, -1, -1): r += text[i]`, both known to be strings.
    """
    for node in subject.nodes:
        if not isinstance(node, ast.For) or node.orelse:
            continue
        forward = match_statement("for _c in _s:\n    _r = _c + _r", node)
        backward = match_statement("for _c in range(len(_s) - 1, -1, -1):\n    _r += _s[_c]", node)
        found = forward or backward
        if found is None or not all(isinstance(found[hole], ast.Name) for hole in ("_c", "_r", "_s")):
            continue
        result, text, variable = found["_r"].id, found["_s"].id, found["_c"].id
        known = subject.is_type(found["_s"], "str") and subject.is_type(ast.Name(result, ast.Load()), "str")
        plus = forward is not None and not isinstance(node.body[0], ast.Assign)
        if (
            known
            and not plus
            and len({result, text, variable}) == 3
            and not subject.is_loaded_outside(variable, [node])
        ):
            code = f"{result} = {text}[::-1] + {result}" if forward else f"{result} += {text}[::-1]"
            draft = Draft(subject)
            draft.statements(node, node, code)
            yield draft.finish("reversed_text", f"reverses {text} at once", 0.8)


_HALVES = ("len(_s) // 2", "_n // 2", "len(_s)", "_n", "len(_s) // 2 + 1", "int(len(_s) / 2)")
_OTHERS = (
    "-1 - _i",
    "-(_i + 1)",
    "-_i - 1",
    "~_i",
    "len(_s) - 1 - _i",
    "len(_s) - _i - 1",
    "_n - 1 - _i",
    "_n - _i - 1",
    "len(_s) - (_i + 1)",
)


def mirrored(subject: Subject) -> Iterator[Rewrite | None]:
    """`for i in range(len(s) // 2): if s[i] != s[-1 - i]: return False` -> `if s != s[::-1]: return False`.

    Applies to strings, lists and tuples, where the mirrored pairs are all there is to compare.
    """
    for node in subject.nodes:
        if not isinstance(node, ast.For) or node.orelse:
            continue
        for half in _HALVES:
            for other in _OTHERS:
                found = match_statement(
                    f"for _i in range({half}):\n    if _s[_i] != _s[{other}]:\n        __leave", node
                )
                if found is not None and _mirrors(subject, node, found):
                    yield _as_reverse(subject, node, found["_s"], found["__leave"])
    yield from _two_pointers(subject)


def _mirrors(subject: Subject, node: ast.stmt, found: Match) -> bool:
    text, size, index = found["_s"], found.get("_n"), found["_i"]
    if not subject.is_type(text, "str", "list", "tuple") or not isinstance(index, ast.Name):
        return False
    if size is not None:
        values = subject.assigned_values(size.id) if isinstance(size, ast.Name) else None
        if not values or len(values) != 1 or ast.unparse(values[0]) != f"len({ast.unparse(text)})":
            return False
    return _only_leaves(found["__leave"], index.id) and not subject.is_loaded_outside(index.id, [node])


def _only_leaves(leave: list[ast.stmt], *names: str) -> bool:
    """Whether the statements end the loop at once and do not mention the names."""
    ends = isinstance(leave[-1], ast.Return | ast.Break | ast.Raise) if leave else False
    mentioned = {n.id for s in leave for n in ast.walk(s) if isinstance(n, ast.Name)}
    return (
        ends and not mentioned & set(names) and not any(isinstance(n, ast.Continue) for s in leave for n in ast.walk(s))
    )


def _as_reverse(subject: Subject, node: ast.stmt, text: ast.expr, leave: list[ast.stmt]) -> Rewrite | None:
    kept = [statement for statement in leave if not isinstance(statement, ast.Break)] or [ast.Pass()]
    spelling = ast.unparse(text)
    inner = "\n".join("    " + line for statement in kept for line in ast.unparse(statement).split("\n"))
    draft = Draft(subject)
    draft.statements(node, node, f"if {spelling} != {spelling}[::-1]:\n{inner}")
    return draft.finish("mirrored", f"compares {spelling} with its reverse", 0.75)


def _two_pointers(subject: Subject) -> Iterator[Rewrite | None]:
    """The same by two indices that meet: `while i < j: if s[i] != s[j]: return False; i += 1; j -= 1`."""
    for block in subject.blocks():
        for place, node in enumerate(block):
            for steps in ("_i += 1\n    _j -= 1", "_j -= 1\n    _i += 1"):
                for less in ("<", "<="):
                    pattern = f"while _i {less} _j:\n    if _s[_i] != _s[_j]:\n        __leave\n    {steps}"
                    found = match_statement(pattern, node) if isinstance(node, ast.While) else None
                    if found is None or not isinstance(found["_i"], ast.Name) or not isinstance(found["_j"], ast.Name):
                        continue
                    one, two, text = found["_i"].id, found["_j"].id, found["_s"]
                    starts = _starts(block[:place], one, two, ast.unparse(text))
                    read = subject.is_loaded_outside(one, [node]) or subject.is_loaded_outside(two, [node])
                    if (
                        starts
                        and not read
                        and subject.is_type(text, "str", "list", "tuple")
                        and _only_leaves(found["__leave"], one, two)
                    ):
                        yield _as_reverse(subject, node, text, found["__leave"])


def _starts(before: list[ast.stmt], one: str, two: str, text: str) -> bool:
    """Whether the two indices were set to the first and the last place in the statements before."""
    wanted = {one: {"0"}, two: {f"len({text}) - 1"}}
    for statement in reversed(before):
        if not isinstance(statement, ast.Assign):
            return False
        target, value = statement.targets[0], statement.value
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            pairs = list(zip(target.elts, value.elts, strict=True))
        else:
            pairs = [(target, value)]
        for name, given in pairs:
            right = not isinstance(name, ast.Name) or ast.unparse(given) in wanted.pop(name.id, {ast.unparse(given)})
            if not right:
                return False
        if not wanted:
            return True
    return False
