"""Searching a list again and again: `in`, `.count` and `.index` in a loop answered by a set or dict built once.

A set answers as the list does for everything that can be hashed: both compare by identity first, then by `==`. Where it
is not known that the elements can be hashed, the new text falls back to the list. Strings are left alone: `in` looks
for substrings there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.inference import HASHABLE
from secant.rewriting.performance.matching import match_expression, match_statement
from secant.rewriting.performance.subject import Comprehension, Iteration, Subject, is_int, names_in, range_bounds
from secant.rewriting.purity import dotted


def membership(subject: Subject) -> Iterator[Rewrite | None]:
    """`for x in xs: if x in ys` -> `known = set(ys)` before the loop, `x in known` inside it.

    Applies where `ys` is known to be a list or tuple and keeps its contents in every pass of the loop.
    """
    groups: dict[str, list[tuple[ast.Compare, Iteration]]] = {}
    for test in _membership_tests(subject):
        container = test.comparators[0]
        loop = subject.outermost_invariant(container)
        if loop is not None and dotted(container) and subject.is_type(container, "list", "tuple"):
            groups.setdefault(ast.unparse(container), []).append((test, loop))
    for spelling, tests in groups.items():
        place = tests[0][1]
        there = [test for test, loop in tests if loop is place]
        if all(subject.hashable(test.left) is not False for test in there):
            yield _with_set(subject, spelling, there, place)


def _membership_tests(subject: Subject) -> list[ast.Compare]:
    return [
        node
        for node in subject.nodes
        if isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and isinstance(node.ops[0], ast.In | ast.NotIn)
        and not subject.is_fallback(node)
    ]


def _with_set(subject: Subject, spelling: str, tests: list[ast.Compare], loop: Iteration) -> Rewrite | None:
    container = tests[0].comparators[0]
    name = subject.free_name(f"{spelling.rsplit('.', maxsplit=1)[-1].strip('_')}_set", "known")
    draft = Draft(subject)
    built = f"{name} = set({spelling})"
    if not elements_hashable(subject, container):
        built = f"try:\n    {built}\nexcept TypeError:  # an element cannot be hashed\n    {name} = {spelling}"
    draft.before(subject.statement_of(loop), built)
    for test in tests:
        if subject.hashable(test.left):
            draft.expression(test.comparators[0], name)
        elif subject.is_pure(test.left):
            sought = ast.unparse(test.left)
            draft.expression(test.comparators[0], f"({name} if {sought}.__hash__ else {spelling})")
        else:
            return None
    return draft.finish("membership", f"looks up {spelling} in a set", 0.95)


def elements_hashable(subject: Subject, container: ast.expr) -> bool:
    """Whether everything in the container is known to be hashable."""
    elements = subject.guesser.elements(container)
    return bool(elements) and elements <= HASHABLE - {"tuple"}


def keys_of_dict(subject: Subject) -> Iterator[Rewrite | None]:
    """`x in d.keys()`, `x in list(d.keys())`, `x in list(s)` for a dict or set -> `x in d`.

    The same hash lookup without the copy. Applies where `d` is known to be a dict or a set. A list search
    accepts what a dict refuses, so what may not be hashable is still looked up in the list.
    """
    draft = Draft(subject)
    for test in _membership_tests(subject):
        container = test.comparators[0]
        for pattern in ("list(_d.keys())", "list(_d)", "set(_d)", "tuple(_d)", "sorted(_d.keys())", "_d.keys()"):
            found = match_expression(pattern, container)
            if found is None or not subject.is_type(found["_d"], "dict", "set", "frozenset", "defaultdict", "Counter"):
                continue
            asked = ast.unparse(found["_d"])
            if pattern in ("_d.keys()", "set(_d)") or subject.hashable(test.left):
                draft.expression(container, asked)
                break
            if subject.hashable(test.left) is None and subject.is_pure(test.left):
                sought = ast.unparse(test.left)
                draft.expression(container, f"({asked} if {sought}.__hash__ else {ast.unparse(container)})")
                break
    yield draft.finish("keys_of_dict", "asks the dict itself", 0.6)


def growing(subject: Subject) -> Iterator[Rewrite | None]:
    """`if x not in result: result.append(x)` -> a set beside the list that is given whatever the list is given.

    Applies to a local list that, within the loop, is changed by `append` alone and known by no other name. Once an
    element turns out not to be hashable, everything is looked up in the list again.
    """
    done: set[str] = set()
    for test in _membership_tests(subject):
        container = test.comparators[0]
        if not isinstance(container, ast.Name) or container.id in done or not subject.is_type(container, "list"):
            continue
        done.add(container.id)
        loop = _growing_loop(subject, test, container.id)
        if loop is not None:
            yield _with_companion(subject, container.id, loop)


def _growing_loop(subject: Subject, test: ast.Compare, name: str) -> Iteration | None:
    """The outermost loop around the test in which the list is only appended to; None if there is none."""
    best: Iteration | None = None
    if not subject.is_fresh(name):
        return None
    for loop in subject.iterations_around(test):
        if isinstance(loop, Comprehension) or not _only_appends(subject, loop, name):
            break
        best = loop
    return best if best is not None and appends(best, name) else None


def appends(loop: ast.AST, name: str) -> list[ast.Call]:
    """The calls of `name.append` in the loop."""
    return [
        node
        for node in ast.walk(loop)
        if isinstance(node, ast.Call) and len(node.args) == 1 and dotted(node.func) == f"{name}.append"
    ]


def _only_appends(subject: Subject, loop: Iteration, name: str) -> bool:
    if name in subject.loop_effects(loop).assigned:
        return False
    for node in ast.walk(loop):
        if isinstance(node, ast.Name) and node.id == name:
            parent = subject.parent(node)
            if isinstance(parent, ast.Attribute) and parent.attr not in ("append", "index", "count", "copy"):
                return False
            if isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load):
                return False
            if isinstance(parent, ast.AugAssign) and parent.target is node:
                return False
    return True


def _with_companion(subject: Subject, name: str, loop: Iteration) -> Rewrite | None:
    tests = [t for t in _membership_tests(subject) if isinstance(t.comparators[0], ast.Name)]
    tests = [t for t in tests if t.comparators[0].id == name and loop in subject.iterations_around(t)]  # type: ignore[attr-defined]
    grown = appends(loop, name)
    wanted = [*(test.left for test in tests), *(call.args[0] for call in grown)]
    if not all(subject.hashable(value) is not False and subject.is_pure(value) for value in wanted):
        return None
    certain = all(subject.hashable(value) for value in wanted)
    if not certain and _start(subject, name, loop):
        return None
    seen = subject.free_name("seen", f"{name}_set")
    draft = Draft(subject)
    draft.before(subject.statement_of(loop), f"{seen} = set({_start(subject, name, loop)})")
    for test in tests:
        sought = ast.unparse(test.left)
        draft.expression(test.comparators[0], seen if certain else f"({seen} if {sought}.__hash__ else {name})")
    for call in grown:
        statement = subject.statement_of(call)
        if not isinstance(statement, ast.Expr):
            return None
        element = ast.unparse(call.args[0])
        guarded = (
            f"if {seen} is not {name} and {element}.__hash__:\n    {seen}.add({element})\n"
            f"else:\n    {seen} = {name}  # an element cannot be hashed"
        )
        draft.after(statement, f"{seen}.add({element})" if certain else guarded)
    return draft.finish("growing", f"keeps a set beside {name}", 0.95)


def _start(subject: Subject, name: str, loop: Iteration) -> str:
    """What the companion starts with: nothing where the list was made empty in the statements right before the loop."""
    statement = subject.statement_of(loop)
    block = subject.block_of(statement)
    for earlier in reversed(block[: block.index(statement)]):
        if match_statement(f"{name} = []", earlier) is not None:
            return ""
        if name in names_in(earlier):
            break
    return name


def counting(subject: Subject) -> Iterator[Rewrite | None]:
    """`xs.count(x)` in a loop -> `Counter(xs)` built once, `counts[x]`.

    Applies to lists and tuples that keep their contents, and to strings where `x` runs over the characters of a
    string (a longer `x` would be counted as a substring). A Counter gives 0 for what is missing, as `count` does.
    """
    calls = [call for call in _method_calls(subject, "count") if _countable(subject, call)]
    for spelling in sorted({ast.unparse(receiver(call)) for call in calls}):
        group = [call for call in calls if ast.unparse(receiver(call)) == spelling]
        yield _with_counter(subject, spelling, group)


def receiver(call: ast.Call) -> ast.expr:
    """The object whose method is called."""
    return call.func.value if isinstance(call.func, ast.Attribute) else call.func


def _method_calls(subject: Subject, method: str) -> list[ast.Call]:
    return [
        node
        for node in subject.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
        and len(node.args) == 1
        and not node.keywords
        and not subject.is_fallback(node)
    ]


def _countable(subject: Subject, call: ast.Call) -> bool:
    container = receiver(call)
    if not dotted(container) or subject.outermost_invariant(container) is None:
        return False
    sought = call.args[0]
    if subject.is_type(container, "list", "tuple"):
        known = subject.hashable(sought) or is_element_of(subject, sought, container)
        return known is True and not isinstance(sought, ast.Constant)
    single = is_character(subject, sought) and not isinstance(sought, ast.Constant)
    return subject.is_type(container, "str") and (single or is_element_of(subject, sought, container))


def is_character(subject: Subject, node: ast.expr) -> bool:
    """Whether the expression is always a string of one character: an element of a string."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and len(node.value) == 1
    if isinstance(node, ast.Subscript):
        return subject.is_type(node.value, "str") and not isinstance(node.slice, ast.Slice)
    if not isinstance(node, ast.Name) or node.id in subject.parameters:
        return False
    bindings = subject.bindings(node.id)
    return bool(bindings) and all(_is_element_of_string(subject, binding) for binding in bindings)


def _is_element_of_string(subject: Subject, binding: ast.Name) -> bool:
    parent = subject.parent(binding)
    if isinstance(parent, ast.Assign):
        return isinstance(parent.value, ast.Subscript) and is_character(subject, parent.value)
    loop = subject.parent(parent) if isinstance(parent, ast.Tuple) else parent
    if not isinstance(loop, ast.For | ast.comprehension):
        return False
    walked = loop.iter
    if isinstance(parent, ast.Tuple):
        enumerated = match_expression("enumerate(_xs)", walked)
        if enumerated is None or parent.elts[-1] is not binding:
            return False
        walked = enumerated["_xs"]
    copied = match_expression("set(_xs)", walked) or match_expression("sorted(_xs)", walked)
    return subject.is_type(copied["_xs"] if copied else walked, "str")


def is_element_of(subject: Subject, node: ast.expr, container: ast.expr) -> bool:
    """Whether the expression is one element of the list (one character of the string) in every pass."""
    spelling = ast.unparse(container)
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        return ast.unparse(node.value) == spelling
    if not isinstance(node, ast.Name) or len(subject.bindings(node.id)) != 1:
        return False
    binding = subject.parent(subject.bindings(node.id)[0])
    if isinstance(binding, ast.Tuple) and binding.elts[-1] is subject.bindings(node.id)[0]:
        loop = subject.parent(binding)
        return isinstance(loop, ast.For | ast.comprehension) and ast.unparse(loop.iter) == f"enumerate({spelling})"
    if isinstance(binding, ast.Assign) and isinstance(binding.value, ast.Subscript):
        return is_element_of(subject, binding.value, container)
    sources = (spelling, f"set({spelling})", f"sorted(set({spelling}))", f"sorted({spelling})", f"list({spelling})")
    return isinstance(binding, ast.For | ast.comprehension) and ast.unparse(binding.iter) in sources


def _with_counter(subject: Subject, spelling: str, calls: list[ast.Call]) -> Rewrite | None:
    container = receiver(calls[0])
    loop = subject.outermost_invariant(container)
    if loop is None:
        return None
    inside = [call for call in calls if subject.outermost_invariant(receiver(call)) is loop]
    draft = Draft(subject)
    counter = draft.imported("collections.Counter")
    name = subject.free_name("counts", "occurrences")
    built = f"{name} = {counter}({spelling})"
    guarded = not elements_hashable(subject, container) and not subject.is_type(container, "str")
    if guarded:
        built = f"try:\n    {built}\nexcept TypeError:  # an element cannot be hashed\n    {name} = None"
    draft.before(subject.statement_of(loop), built)
    for call in inside:
        sought = ast.unparse(call.args[0])
        looked = f"{name}[{sought}]"
        draft.expression(call, f"({looked} if {name} is not None else {ast.unparse(call)})" if guarded else looked)
    return draft.finish("counting", f"counts {spelling} once", 0.95)


def positions(subject: Subject) -> Iterator[Rewrite | None]:
    """`xs.index(x)` in a loop -> a dict of first positions built once.

    What the dict does not know is asked of the list, which raises the right error.
    """
    for call in _method_calls(subject, "index"):
        container = receiver(call)
        loop = subject.outermost_invariant(container)
        sought = call.args[0]
        if loop is None or not dotted(container) or not subject.is_type(container, "list", "tuple"):
            continue
        known = subject.hashable(sought) or is_element_of(subject, sought, container)
        if known and subject.is_pure(sought):
            yield _with_positions(subject, container, [call], subject.statement_of(loop))


def positions_in_key(subject: Subject) -> Iterator[Rewrite | None]:
    """`sorted(xs, key=lambda x: order.index(x))` and `key=order.index` -> a dict of positions built before."""
    for node in subject.nodes:
        if not isinstance(node, ast.Call):
            continue
        key = next((keyword.value for keyword in node.keywords if keyword.arg == "key"), None)
        if not isinstance(key, ast.Lambda):
            continue
        own = {argument.arg for argument in key.args.args}
        for call in ast.walk(key.body):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "index"):
                continue
            container = call.func.value
            if subject.is_fallback(call):
                continue
            known = dotted(container) and subject.is_type(container, "list", "tuple") and not names_in(container) & own
            if known and len(call.args) == 1 and subject.is_pure(call.args[0]):
                yield _with_positions(subject, container, [call], subject.statement_of(node))


def _with_positions(subject: Subject, container: ast.expr, calls: list[ast.Call], where: ast.stmt) -> Rewrite | None:
    spelling = ast.unparse(container)
    name = subject.free_name("position_of", "first_position")
    place, value = subject.free_name("place", "place_"), subject.free_name("value", "element")
    draft = Draft(subject)
    built = f"{name} = {{{value}: {place} for {place}, {value} in reversed(list(enumerate({spelling})))}}"
    if not elements_hashable(subject, container):
        built = f"try:\n    {built}\nexcept TypeError:  # an element cannot be hashed\n    {name} = {{}}"
    draft.before(where, built)
    for call in calls:
        sought = ast.unparse(call.args[0])
        test = f"{sought} in {name}" if subject.hashable(call.args[0]) else f"{sought}.__hash__ and {sought} in {name}"
        draft.expression(call, f"({name}[{sought}] if {test} else {ast.unparse(call)})")
    return draft.finish("positions", f"remembers the positions of {spelling}", 0.9)


def prefixes(subject: Subject) -> Iterator[Rewrite | None]:
    """`x in xs[:i]` and `x in xs[i:]` in a loop -> the first and the last position of every element.

    An element is in `xs[:i]` if its first position is below `i`. Applies to indices that are counted from 0 upward.
    """
    for test in _membership_tests(subject):
        container = test.comparators[0]
        if not (isinstance(container, ast.Subscript) and isinstance(container.slice, ast.Slice)):
            continue
        cut, base = container.slice, container.value
        loop = subject.outermost_invariant(base)
        bound = cut.upper if cut.lower is None else cut.lower
        one_sided = cut.step is None and (cut.lower is None) != (cut.upper is None) and bound is not None
        if loop is None or not one_sided or not dotted(base) or not subject.is_type(base, "list", "tuple"):
            continue
        known = subject.hashable(test.left) or is_element_of(subject, test.left, base)
        if bound is not None and counts_up(subject, bound) and known:
            yield _with_ends(subject, test, base, cut, loop)


def counts_up(subject: Subject, index: ast.expr) -> bool:
    """Whether the index is never negative: the variable of a `range` or `enumerate` from 0, or that plus a number."""
    if isinstance(index, ast.BinOp) and isinstance(index.op, ast.Add):
        right = index.right
        return (
            counts_up(subject, index.left)
            and isinstance(right, ast.Constant)
            and type(right.value) is int
            and right.value >= 0
        )
    if isinstance(index, ast.Constant):
        return type(index.value) is int and index.value >= 0
    if not isinstance(index, ast.Name):
        return False
    bindings = subject.bindings(index.id)
    return bool(bindings) and all(_counted_from_zero(subject, binding) for binding in bindings)


def _counted_from_zero(subject: Subject, binding: ast.Name) -> bool:
    parent = subject.parent(binding)
    if isinstance(parent, ast.Assign):
        return isinstance(parent.value, ast.Constant) and type(parent.value.value) is int and parent.value.value >= 0
    if isinstance(parent, ast.For | ast.comprehension):
        bounds = range_bounds(parent.iter)
        return bounds is not None and counts_up(subject, bounds[0])
    loop = subject.parent(parent) if isinstance(parent, ast.Tuple) else None
    if isinstance(loop, ast.For | ast.comprehension) and isinstance(parent, ast.Tuple):
        return parent.elts[0] is binding and match_expression("enumerate(_xs)", loop.iter) is not None
    return False


def _with_ends(subject: Subject, test: ast.Compare, base: ast.expr, cut: ast.Slice, loop: Iteration) -> Rewrite | None:
    spelling, sought = ast.unparse(base), ast.unparse(test.left)
    first = cut.lower is None
    name = subject.free_name("first_place" if first else "last_place", "place_of")
    place, value = subject.free_name("place", "place_"), subject.free_name("value", "element")
    ordered = f"reversed(list(enumerate({spelling})))" if first else f"enumerate({spelling})"
    draft = Draft(subject)
    built = f"{name} = {{{value}: {place} for {place}, {value} in {ordered}}}"
    guarded = not elements_hashable(subject, base)
    if guarded:
        built = f"try:\n    {built}\nexcept TypeError:  # an element cannot be hashed\n    {name} = None"
    draft.before(subject.statement_of(loop), built)
    bound = cut.upper if first else cut.lower
    limit = ast.unparse(bound) if bound is not None else "0"
    missing = f"len({spelling})" if first else "-1"
    positive = isinstance(test.ops[0], ast.In)
    sign = ("<" if positive else ">=") if first else (">=" if positive else "<")
    wanted = f"{name}.get({sought}, {missing}) {sign} {limit}"
    if first and not is_int(bound, 0) and not _within(subject, bound, base):
        wanted = f"{name}.get({sought}, float('inf')) {sign} {limit}"
    draft.expression(test, f"({wanted} if {name} is not None else {ast.unparse(test)})" if guarded else f"({wanted})")
    return draft.finish("prefixes", f"compares places in {spelling}", 0.9)


def _within(subject: Subject, bound: ast.expr | None, base: ast.expr) -> bool:
    """Whether the bound surely stays within the length: the plain variable of a loop over the container's places."""
    if not isinstance(bound, ast.Name):
        return False
    spelling = ast.unparse(base)
    places = (f"range(len({spelling}))", f"enumerate({spelling})", f"range(1, len({spelling}))")
    loops = [ancestor for ancestor in subject.ancestors(bound) if isinstance(ancestor, ast.For)]
    return any(ast.unparse(loop.iter) in places and bound.id in names_in(loop.target) for loop in loops)
