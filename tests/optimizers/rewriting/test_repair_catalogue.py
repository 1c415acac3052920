"""Every mistake of the catalogue: a function that has it, and the text that one edit must make of it."""

from __future__ import annotations

import pytest

from secant.rewriting.edit import apply
from secant.rewriting.facts import Facts
from secant.rewriting.repair import edits
from secant.rewriting.source import FunctionSource

_LITE = [
    # symbols
    ("if a < b:\n    return a\nreturn b", "if a <= b:\n    return a\nreturn b"),
    ("return a == b", "return a != b"),
    ("return a is b", "return a is not b"),
    ("return a in  b", "return a not in  b"),
    ("return (a)not in(b)", "return (a)in(b)"),
    ("return a + b * 2", "return a - b * 2"),
    ("return a + b", "return a * b"),
    ("return (a + b)*2", "return (a * b)*2"),
    ("return a + b - 1", "return (a + b) * 1"),
    ("return a * b + 1", "return a + b + 1"),
    ("a += b\nreturn a", "a -= b\nreturn a"),
    ("a = b\nreturn a", "a += b\nreturn a"),
    ("a += b\nreturn a", "a = b\nreturn a"),
    ("return a and b", "return a or b"),
    ("return a and b and a", "return a or b or a"),
    ("return a - b", "return b - a"),
    ("return a + b * 2", "return (a + b) * 2"),
    ("return (a + b) * 2", "return a + b * 2"),
    ("return not a", "return a"),
    ("if a:\n    return b", "if not a:\n    return b"),
    ("return -a", "return a"),
    # constants
    ("return a + 1", "return a + 2"),
    ("return a[0]", "return a[1]"),
    ("return 7", "return 6"),
    ("return True", "return False"),
    ("x = []\nreturn x", "x = {}\nreturn x"),
    ("x = 0\nreturn x", "x = a[0]\nreturn x"),
    ("x = 0\nreturn x", "x = float('inf')\nreturn x"),
    ("return 'Yes'", "return 'yes'"),
    ("return ','.join(a)", "return ' '.join(a)"),
    ("return a['x'] + a['y']", "return a['y'] + a['y']"),
    ("return range(a)", "return range(a + 1)"),
    ("return a[b]", "return a[b - 1]"),
    # names
    ("return a", "return b"),
    ("x = a\ny = b\nreturn x", "x = a\ny = b\nreturn y"),
    ("x = a\nreturn total", "total = a\nreturn total"),
    ("i = [i for i in a]\nreturn [x for y in i]", "i = [i for i in a]\nreturn [x for x in i]"),
    ("x, y = a\nreturn x", "y, x = a\nreturn x"),
    # slices and indices
    ("return a[0]", "return a[-1]"),
    ("return a[b][0]", "return a[0][b]"),
    ("return a[1:]", "return a[:1]"),
    ("return a[1:b]", "return a[:b]"),
    ("return a[:b]", "return a[:b:-1]"),
    ("for x in a:\n    print(x)", "for x in a[1:]:\n    print(x)"),
    ("x = a[b]\nreturn len(a)", "x = a[b]\nreturn len(a[b])"),
    # calls
    ("return max(a, b)", "return min(a, b)"),
    ("return any(a)", "return all(a)"),
    ("a.append(b)", "a.extend(b)"),
    ("return a.find(b)", "return a.rfind(b)"),
    ("return isinstance(a, int)", "return isinstance(a, float)"),
    ("return f(a, b)", "return f(b, a)"),
    ("return f(a, b)", "return f(a)"),
    ("return f(a)", "return f(a, b)"),
    ("return a.get(b)", "return a.get(b, 0)"),
    ("return sorted(a)", "return sorted(a, reverse=True)"),
    ("return sorted(a)", "return sorted(a, key=len)"),
    ("return max(a, key=len)", "return max(a, key=lambda item: item[1])"),
    ("return f(a, b=1)", "return f(a)"),
    ("return f(a)", "return f(a - 1)"),
    ("return f(a)", "return f(a[1:])"),
    # wrapping
    ("return a", "return sorted(a)"),
    ("return len(a)", "return len(set(a))"),
    ("x = ''\nreturn x", "x = ''\nreturn x.lower()"),
    ("return sorted(a)", "return a"),
    ("return a.strip()", "return a"),
    ("return a + 1", "return a"),
    ("return a if b else 0", "return a"),
    ("return a if b else 0", "return 0 if b else a"),
    ("return [x for x in a]", "return {x for x in a}"),
    # conditions
    ("if a and b:\n    return 1", "if a:\n    return 1"),
    ("if a:\n    return 1", "if True:\n    return 1"),
    ("return 0 < a < b", "return 0 < a"),
    ("if a:\n    return 1", "if a is None:\n    return 1"),
    ("if a:\n    return len(b)", "if a or not b:\n    return len(b)"),
    ("return [x for x in a]", "return [x for x in a if x]"),
    ("return [x for x in a if x]", "return [x for x in a]"),
    # loops
    ("for i in range(a):\n    print(i)", "for i in range(1, a):\n    print(i)"),
    ("for i in range(a):\n    print(i)", "for i in range(a - 1, -1, -1):\n    print(i)"),
    ("for i in len(a):\n    print(i)", "for i in range(len(a)):\n    print(i)"),
    ("for i in range(2):\n    print(a[i])", "for i in range(2, len(a)):\n    print(a[i])"),
    ("for i, x in enumerate(a):\n    print(i)", "for i, x in enumerate(a, 1):\n    print(i)"),
    ("for x in a:\n    print(x)", "for x in reversed(a):\n    print(x)"),
    ("if a:\n    a -= 1\nreturn a", "while a:\n    a -= 1\nreturn a"),
    # statements
    ("a += 1\nb += 1\nreturn a", "b += 1\nreturn a"),
    ("a += b\nb = 0\nreturn a", "b = 0\na += b\nreturn a"),
    ("for x in a:\n    b += x\n    return b", "for x in a:\n    b += x\nreturn b"),
    ("for x in a:\n    b += x\nb += 1\nreturn b", "for x in a:\n    b += x\n    b += 1\nreturn b"),
    ("if a:\n    b += 1\nreturn b", "b += 1\nreturn b"),
    ("if a:\n    b = 1\nelse:\n    b = 2\nreturn b", "if a:\n    b = 2\nelse:\n    b = 1\nreturn b"),
    ("if a:\n    b = 1\nif b:\n    b = 2", "if a:\n    b = 1\nelif b:\n    b = 2"),
    ("if a:\n    b = 1\nelif b:\n    b = 2", "if a:\n    b = 1\nif b:\n    b = 2"),
    ("if a:\n    b = 1\nelse:\n    b = 2\nreturn b", "if a:\n    b = 1\nb = 2\nreturn b"),
    ("a.append(1)\nb", "a.append(1)\na.append(b)"),
    ("for x in a:\n    total += x\nreturn total", "total = 0\nfor x in a:\n    total += x\nreturn total"),
    ("i = 0\nwhile i < a:\n    print(b)", "i = 0\nwhile i < a:\n    print(b)\n    i += 1"),
    ("x = a + b\nprint(x)", "x = a + b\nprint(x)\nreturn x"),
    ("a + b", "return a + b"),
    ("while a:\n    break", "while a:\n    continue"),
    ("for x in a:\n    if x:\n        b = x", "for x in a:\n    if x:\n        b = x\n        break"),
    ("return len(a)", "if not a:\n    return 0\nreturn len(a)"),
    ("for x in a:\n    print(x)", "for x in a:\n    if not x:\n        continue\n    print(x)"),
    (
        "try:\n    return a[b]\nexcept KeyError:\n    return 0",
        "try:\n    return a[b]\nexcept IndexError:\n    return 0",
    ),
    ("raise ValueError(a)", "raise TypeError(a)"),
    ("for x in a:\n    yield x", "for x in a:\n    yield from x"),
    ("yield from a", "yield a"),
]
_FULL = [
    ("return max(a)", "return max(a) if a else None"),
    ("return f(g(a))", "return g(f(a))"),
    ("return a - b", "return max(0, a - b)"),
    ("x = a[0]\nreturn [b]", "x = a[0]\nreturn [a[0]]"),
    ("return a", "return [a]"),
    ("return a - b", "return (a - b) % a"),
    ("return a", "return a + b"),
    ("for x in a:\n    b += x\nreturn b", "for x in a:\n    if b != x:\n        b += x\nreturn b"),
    ("if a < b:\n    return 1", "if a < b and a != b:\n    return 1"),
    ("if a:\n    b += 1\nreturn b", "if a:\n    b += 1\nelse:\n    b -= 1\nreturn b"),
    ("f(a)\nreturn b", "b = f(a)\nreturn b"),
    ("return a", "if a == b:\n    return True\nreturn a"),
    ("return b in 'aeio'", "return b in 'aeiou'"),
]


def _function(body: str, indent: str = "") -> str:
    lines = "\n".join(indent + "    " + line for line in body.split("\n"))
    return f"{indent}def f(a, b):\n{lines}\n"


def _texts(text: str, level: str, facts: Facts | None = None) -> set[str]:
    source = FunctionSource(text)
    return {apply(text, edit.splices) for edit in edits(source, facts or Facts(), level)}  # type: ignore[arg-type]


@pytest.mark.parametrize(("wrong", "right"), _LITE)
def test_lite_undoes(wrong: str, right: str) -> None:
    assert _function(right) in _texts(_function(wrong), "lite")


@pytest.mark.parametrize(("wrong", "right"), _FULL)
def test_full_undoes(wrong: str, right: str) -> None:
    assert _function(right) in _texts(_function(wrong), "full")


def test_full_includes_lite() -> None:
    text = _function("for x in a:\n    if x < b:\n        return x\nreturn None")
    assert _texts(text, "lite") < _texts(text, "full")


def test_a_method_keeps_its_indentation() -> None:
    text = _function("for x in a:\n    b += x\n    return b", indent="    ")
    assert _function("for x in a:\n    b += x\nreturn b", indent="    ") in _texts(text, "lite")


def test_a_mutable_default_is_made_anew_in_every_call() -> None:
    text = "def f(a, found=[]):\n    found.append(a)\n    return found\n"
    repaired = (
        "def f(a, found=None):\n    if found is None:\n        found = []\n    found.append(a)\n    return found\n"
    )
    assert repaired in _texts(text, "lite")


def test_attributes_of_self_come_from_the_facts() -> None:
    text = "    def total(self, rate):\n        return self.net + rate\n"
    facts = Facts(class_name="Basket", instance_attributes=("net", "gross", "rate"))
    found = _texts(text, "lite", facts)
    assert text.replace("self.net", "self.gross") in found
    assert text.replace("+ rate", "+ self.rate") in found


def test_functions_of_the_module_come_from_the_facts() -> None:
    facts = Facts(module_functions={"clean": ("text",), "scale": ("value", "by")})
    assert _function("return clean(a)") in _texts(_function("return a"), "lite", facts)
    assert _function("return clean(a)") in _texts(_function("return other(a)"), "lite", facts)


def test_observed_types_leave_out_what_cannot_be() -> None:
    text = _function("return a")
    unknown, numbers = _texts(text, "lite"), _texts(text, "lite", Facts(variable_types={"a": ("int",), "b": ("int",)}))
    assert _function("return sorted(a)") in unknown
    assert _function("return sorted(a)") not in numbers
    assert _function("return abs(a)") in numbers


def test_names_are_offered_only_where_they_are_bound() -> None:
    text = _function("x = a\nfor y in b:\n    x = y\nreturn x")
    assert _function("x = y\nfor y in b:\n    x = y\nreturn x") not in _texts(text, "full")
    assert _function("x = a\nfor y in b:\n    x = y\nreturn y") in _texts(text, "lite")
