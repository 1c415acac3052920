"""Loops over numpy scalars against the array expressions that replace them."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from test_performance_harness import candidates

from secant.rewriting.facts import Facts

RANDOM = np.random.default_rng(7)


def arrays(*shape: int) -> Any:
    return RANDOM.random(shape)


CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "@",
        """def product(a, b):
    n, m, p = a.shape[0], b.shape[1], a.shape[1]
    out = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            for k in range(p):
                out[i, j] += a[i, k] * b[k, j]
    return out
""",
        {"a": arrays(3, 4), "b": arrays(4, 5)},
    ),
    (
        "@",
        """def product(a, b):
    out = np.zeros((len(a), len(b[0])))
    for i in range(len(a)):
        for j in range(len(b[0])):
            total = 0.0
            for k in range(len(b)):
                total += a[i][k] * b[k][j]
            out[i][j] = total
    return out
""",
        {"a": arrays(3, 4), "b": arrays(4, 5)},
    ),
    (
        ".sum(axis=2)",
        """def distances(x):
    n = x.shape[0]
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            total = 0
            for k in range(x.shape[1]):
                total += (x[i, k] - x[j, k]) ** 2
            out[i, j] = math.sqrt(total)
    return out
""",
        {"x": arrays(5, 3)},
    ),
    (
        ".sum(axis=0)",
        "def dot(a, b):\n    total = 0\n    for x, y in zip(a, b):\n        total += x * y\n    return total\n",
        {"a": arrays(6), "b": arrays(6)},
    ),
    (
        "count_nonzero",
        "def above(x, t):\n    n = 0\n    for v in x:\n        if v > t:\n            n += 1\n    return n\n",
        {"x": arrays(9), "t": 0.5},
    ),
    (
        "np.where",
        """def clip(image):
    height, width = image.shape
    out = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            if image[i, j] > 0.5:
                out[i, j] = 1
            else:
                out[i, j] = image[i, j] * 2
    return out
""",
        {"image": arrays(4, 6)},
    ),
    (
        "np.convolve",
        """def convolve(a, b):
    out = np.zeros(len(a) + len(b) - 1)
    for i in range(len(a)):
        for j in range(len(b)):
            out[i + j] += a[i] * b[j]
    return out
""",
        {"a": arrays(4), "b": arrays(6)},
    ),
    (
        "np.add.at",
        "def hits(a):\n    out = np.zeros(10)\n    for i in range(len(a)):\n        out[a[i]] += 1\n    return out\n",
        {"a": np.array([1, 2, 2, 9, -1])},
    ),
    (
        "np.arange",
        """def table(a, b):
    out = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        for j in range(len(b)):
            out[i, j] = a[i] * b[j] + i
    return out
""",
        {"a": arrays(3), "b": arrays(4)},
    ),
    (
        "a[2:",
        """def smooth(a):
    out = np.zeros(len(a))
    for i in range(1, len(a) - 1):
        out[i] = (a[i - 1] + a[i] + a[i + 1]) / 3
    return out
""",
        {"a": arrays(9)},
    ),
    (
        ".sum(axis=(0, 1))",
        """def energy(a):
    total = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            total += a[i, j] ** 2
    return total
""",
        {"a": arrays(3, 5)},
    ),
]


def function(text: str) -> Callable[..., Any]:
    module: dict[str, Any] = {"np": np, "math": math}
    exec(text, module)
    return module[text[4 : text.index("(")]]


@pytest.mark.parametrize(
    ("contains", "text", "arguments"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_array_expression_computes_the_same(contains: str, text: str, arguments: dict[str, Any]) -> None:
    types = {name: (type(value).__name__,) for name, value in arguments.items()}
    found = candidates(text, Facts(variable_types=types, imports={"np": "numpy", "math": "math"}), "vectorized")
    assert any(contains in rewrite.text for rewrite in found), found
    for rewrite in found:
        ours, theirs = copy.deepcopy(arguments), copy.deepcopy(arguments)
        old, new = function(text)(**theirs), function(rewrite.text)(**ours)
        assert np.shape(old) == np.shape(new)
        np.testing.assert_allclose(new, old, rtol=1e-12)
        for name in arguments:
            np.testing.assert_array_equal(ours[name], theirs[name])
