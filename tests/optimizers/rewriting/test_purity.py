"""What can be proved about effects, and what must stay unknown."""

from __future__ import annotations

import ast

import pytest

from secant.rewriting.facts import Facts
from secant.rewriting.purity import dotted, effects, is_pure, origin, root_name

FACTS = Facts(
    imports={
        "math": "math",
        "np": "numpy",
        "rng": "random",
        "now": "datetime.datetime",
        "dt": "datetime",
        "push": "heapq.heappush",
    },
    module_functions={"helper": ("x",), "sum": ("xs",)},
    variable_types={"total": ("int",), "rows": ("list",)},
    class_methods=("get",),
)


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    "text",
    [
        "a + b[i].c",
        "len(xs) + max(ys, key=lambda y: y.k)",
        "math.sqrt(x)",
        "np.dot(a, b)",
        "s.split(',')[0].strip()",
        "d.get(k, 0)",
        "sorted(xs, key=str.lower)",
        "[x for x in xs if x not in ys]",
        "{k: v for k, v in d.items()}",
        "dt.date(2020, 1, 1)",
        "list(map(int, s.split()))",
    ],
)
def test_pure(text: str) -> None:
    assert is_pure(expression(text), FACTS)


@pytest.mark.parametrize(
    "text",
    [
        "print(x)",
        "open(p).read()",
        "rng.random()",
        "np.random.rand(3)",
        "now.now()",
        "dt.datetime.now()",
        "helper(x)",
        "sum(xs)",
        "xs.append(1)",
        "(y := 1)",
        "self.get(1)",
        "sorted(xs, key=helper)",
        "list(map(unknown, xs))",
        "obj.save()",
        "np.add(a, b, out=c)",
        "next(it)",
        "f()()",
        "input()",
    ],
)
def test_not_pure(text: str) -> None:
    assert not is_pure(expression(text), FACTS)


def test_mutations_are_named_by_their_root() -> None:
    code = ast.parse(
        "self.items.append(1)\nrows[0].x = 2\ndel table['k']\npush(heap, 3)\ntotal += 1\n"
        "rows += [1]\nn: int = 3\nfor i in rows:\n    pass"
    )
    found = effects(code.body, FACTS)
    assert found.mutated == {"self", "rows", "table", "heap"}
    assert found.assigned == {"total", "rows", "n", "i"}
    assert found.unknown == set()


def test_constructs_that_reach_outside_are_unknown() -> None:
    code = ast.parse("global g\nwith lock:\n    pass\nimport os\nyield_ = (yield)")
    assert effects(code.body, FACTS).unknown == {"global", "with", "import", "yield"}


def test_a_function_the_caller_vouches_for_is_pure() -> None:
    assert is_pure(expression("fib(n - 1) + self.fib(n)"), FACTS, ["fib", "self.fib"])


def test_names() -> None:
    assert root_name(expression("a.b[0].c")) == "a"
    assert root_name(expression("f().b")) is None
    assert dotted(expression("a.b.c")) == "a.b.c"
    assert dotted(expression("a[0].c")) is None
    assert origin(expression("np.linalg.norm"), FACTS.imports) == "numpy.linalg.norm"
    assert origin(expression("unknown.x"), FACTS.imports) is None
