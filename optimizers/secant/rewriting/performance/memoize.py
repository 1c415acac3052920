"""Exponential recursion: remember what a pure recursive function has answered.

This room decides by purity alone: what reads a clock, changes an object that it did not make, or hands out objects that
somebody changes later is left as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.keys import keys_of
from secant.rewriting.performance.recursion import (
    Recursion,
    argument_of,
    asks_twice,
    binds,
    recursion_in,
    recursion_of_function,
)
from secant.rewriting.performance.sharing import may_be_shared
from secant.rewriting.performance.subject import Subject, names_in


def memoize(subject: Subject) -> Iterator[Rewrite | None]:
    """`def f(xs, n): ... f(xs, n - 1) + f(xs, n - 2)` -> an inner function of the parameters that change, with a dict.

    The meaning is the same because the body computes its value from the arguments alone: it changes no object that it
    did not make, calls nothing unknown, and nobody changes a result. Parameters that every recursive call passes on
    unchanged (often lists, which could not be keys) are closed over. An exception is not remembered, so it is raised
    again; the depth of the recursion is the same. It does not apply to generators, to functions with caching or other
    decorators, to a single recursive call outside of loops (nothing is asked twice), or where arguments of one place
    are seen as int and float, which are equal as keys.
    """
    recursion = recursion_of_function(subject)
    if recursion is not None and asks_twice(recursion) and may_be_shared(subject, recursion):
        keys = keys_of(subject, recursion)
        if keys is not None:
            yield _wrapped(subject, recursion, keys)


def memoize_inner(subject: Subject) -> Iterator[Rewrite | None]:
    """The same for a recursive helper that is defined inside the function: the dict stands beside it.

    Names that the helper closes over must be parameters, or locals that are bound once, and nothing may change the
    objects that they hold.
    """
    for statement in subject.node.body:
        if not isinstance(statement, ast.FunctionDef) or statement.decorator_list:
            continue
        recursion = recursion_in(statement, frozenset([statement.name]), 0)
        if recursion is None or not asks_twice(recursion) or not may_be_shared(subject, recursion):
            continue
        if not _is_started_once(subject, statement):
            recursion = recursion._replace(varying=recursion.parameters, has_one_start=False)
        keys = keys_of(subject, recursion)
        if keys is None or not _closes_over_constants(subject, statement):
            continue
        cache = subject.free_name("answers", "known")
        draft = Draft(subject)
        _before_helper(subject, draft, statement, f"{cache} = {{}}")
        _remember(draft, recursion, keys, cache, rename=None)
        yield draft.finish("memoize", f"{statement.name} remembers its answers", 1.0)


def _before_helper(subject: Subject, draft: Draft, helper: ast.stmt, code: str) -> None:
    """In front of the blank line that sets the helper apart, where there is one."""
    place = subject.node.body.index(helper)
    if place and draft.body_start().lineno < helper.lineno:
        draft.after(subject.node.body[place - 1], code)
    else:
        draft.before(helper, code)


def _is_started_once(subject: Subject, helper: ast.FunctionDef) -> bool:
    """Whether the helper is called from one place outside of itself, and not in a loop."""
    inside = {id(part) for part in ast.walk(helper)}
    outside = [
        n for n in ast.walk(subject.node) if isinstance(n, ast.Name) and n.id == helper.name and id(n) not in inside
    ]
    call = subject.parent(outside[0]) if len(outside) == 1 else None
    return isinstance(call, ast.Call) and call.func is outside[0] and not subject.iterations_around(call)


def _closes_over_constants(subject: Subject, helper: ast.FunctionDef) -> bool:
    """Whether what the helper reads from around it stays the same for as long as the dict lives."""
    own = {argument.arg for argument in ast.walk(helper) if isinstance(argument, ast.arg)}
    own |= {n.id for n in ast.walk(helper) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)} | {
        helper.name
    }
    free = names_in(helper) - own
    after = subject.node.body[subject.node.body.index(helper) + 1 :]
    changed = subject.effects(after, [helper.name])
    if free & (changed.assigned | changed.mutated):
        return False
    return not changed.unknown or all(
        subject.hashable(ast.Name(name, ast.Load())) or name in subject.facts.imports or not subject.bindings(name)
        for name in free
    )


def _wrapped(subject: Subject, recursion: Recursion, keys: list[str]) -> Rewrite | None:
    """The body moved into an inner function of the varying parameters, one level deeper."""
    draft = Draft(subject)
    body = subject.source.node.body
    first, last = draft.body_start(), body[-1]
    if _multiline_string(subject, first, last):
        return None
    inner = subject.free_name(f"{subject.node.name}_of", f"solve_{subject.node.name}")
    cache = subject.free_name("answers", "known")
    margin = subject.source.indent + draft.unit
    parameters = ", ".join(
        f"{name}={ast.unparse(recursion.defaults[name])}" if _needs_default(recursion, name) else name
        for name in recursion.varying
    )
    start, _ = subject.source.line_span(first.lineno, first.lineno)
    _, end = subject.source.line_span(last.lineno, last.end_lineno or last.lineno)
    draft.splice(start, start, f"{margin}{cache} = {{}}\n\n{margin}def {inner}({parameters}):\n")
    _remember(draft, recursion, keys, cache, rename=inner)
    for line in range(first.lineno, (last.end_lineno or last.lineno) + 1):
        begin, stop = subject.source.line_span(line, line)
        if subject.source.text.encode()[begin:stop].strip():
            draft.splice(begin, begin, draft.unit)
    newline = "\n" if subject.source.text.encode()[:end].endswith(b"\n") else "\n\n"
    draft.splice(end, end, f"{newline}{margin}return {inner}({', '.join(recursion.varying)})\n")
    return draft.finish("memoize", f"{subject.node.name} remembers its answers", 1.0)


def _needs_default(recursion: Recursion, name: str) -> bool:
    place = recursion.parameters.index(name) - recursion.bound
    return name in recursion.defaults and any(argument_of(call, place, name) is None for call in recursion.calls)


def _multiline_string(subject: Subject, first: ast.stmt, last: ast.stmt) -> bool:
    """Whether a string of the moved lines spans several of them: indenting it would change it."""
    return any(
        isinstance(part, ast.Constant | ast.JoinedStr) and part.end_lineno != part.lineno
        for statement in subject.source.node.body
        if first.lineno <= statement.lineno <= last.lineno
        for part in ast.walk(statement)
    )


def _remember(draft: Draft, recursion: Recursion, keys: list[str], cache: str, rename: str | None) -> None:
    """Looks the key up on entry, stores what is returned, renames the recursive calls and drops what is closed over."""
    subject = draft.subject
    node = recursion.node
    first = draft.body_start() if rename else node.body[0]
    composite = len(keys) > 1 or keys[0] != recursion.varying[0] or binds(node, recursion.varying[0])
    key = subject.free_name("key", "question") if composite else keys[0]
    assignment = f"{key} = {keys[0] if len(keys) == 1 else '(' + ', '.join(keys) + ')'}\n" if composite else ""
    draft.before(first, f"{assignment}if {key} in {cache}:\n    return {cache}[{key}]", depth=1 if rename else 0)
    for part in ast.walk(node):
        if isinstance(part, ast.Return) and part.value is not None and _is_worked_for(part, part.value, recursion):
            _store(draft, part.value, cache, key)
    if rename:
        for call in recursion.calls:
            _rename(draft, call, recursion, rename)


def _is_worked_for(statement: ast.Return, value: ast.expr, recursion: Recursion) -> bool:
    """Whether the answer took some work: more than a constant or a parameter, or given behind a recursive call."""
    simple = isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id in recursion.parameters)
    return not simple or statement.lineno >= min(call.lineno for call in recursion.calls)


def _store(draft: Draft, value: ast.expr, cache: str, key: str) -> None:
    start, end = draft.source.span(value)
    if isinstance(value, ast.Tuple | ast.GeneratorExp) and not draft.source.segment(value).startswith("("):
        draft.splice(start, start, f"{cache}.setdefault({key}, (")
        draft.splice(end, end, "))")
    else:
        draft.splice(start, start, f"{cache}.setdefault({key}, ")
        draft.splice(end, end, ")")


def _rename(draft: Draft, call: ast.Call, recursion: Recursion, inner: str) -> None:
    """`f(xs, n - 1)` -> `f_of(n - 1)`: the arguments that never change go away."""
    draft.expression(call.func, inner)
    gone: list[ast.expr | ast.keyword] = []
    kept: list[ast.expr | ast.keyword] = []
    for place, argument in enumerate(call.args):
        name = recursion.parameters[recursion.bound + place]
        (kept if name in recursion.varying else gone).append(argument)
    for keyword in call.keywords:
        (kept if keyword.arg in recursion.varying else gone).append(keyword)
    if not gone:
        return
    everything: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    for place, argument in enumerate(everything):
        if any(argument is item for item in gone):
            start, end = draft.source.span(argument)
            if place + 1 < len(everything):
                end = draft.source.span(everything[place + 1])[0]
            elif kept:
                start = draft.source.span(kept[-1])[1] if any(kept[-1] is e for e in everything[:place]) else start
                before = everything[place - 1]
                start = draft.source.span(before)[1] if any(before is item for item in kept) else start
            draft.splice(start, end, "")
