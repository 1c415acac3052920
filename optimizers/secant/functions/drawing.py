"""The one door to hypothesis: draws values from a strategy, the same ones every time, and leaves nothing behind.

hypothesis is an extra (`fuzz`), so it is imported when it is needed. What it writes for itself goes into a folder that
is gone afterwards, never into the user's. What is drawn, and what for, is known elsewhere.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


class HypothesisMissing(Exception):  # noqa: N818 - an outcome: its callers say what it means for them
    """The extra `fuzz` is not installed."""


def require_hypothesis() -> None:
    """Raises HypothesisMissing."""
    try:
        import hypothesis  # noqa: F401, PLC0415  # pyright: ignore[reportUnusedImport]  because it is an extra
    except ImportError as error:
        raise HypothesisMissing from error


def drawn(strategy: SearchStrategy[T], count: int) -> list[T]:
    """At most `count` different values, in the order drawn; they are told apart by their repr."""
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415  because it is an extra

    unchecked: list[Any] = list(HealthCheck)
    values: dict[str, T] = {}

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=unchecked,
        phases=[Phase.generate],
    )
    @given(strategy)
    def draw(value: T) -> None:
        values.setdefault(repr(value), value)

    with _home_elsewhere(), _no_constants_of_loaded_code():
        draw()
    return list(values.values())[:count]


@contextmanager
def _no_constants_of_loaded_code() -> Generator[None]:
    """By default hypothesis reads the source of every module that is loaded from outside of site-packages, to draw the
    constants in it: where Secant runs from a checkout these would be its own, half a second of them, and the values
    drawn would depend on what has been imported. There is no setting for it.
    """
    from hypothesis.internal.conjecture import providers  # noqa: PLC0415  because it is an extra

    inner: Any = providers
    reading, nothing = inner._get_local_constants, inner.Constants()
    inner._get_local_constants = lambda: nothing
    inner.CONSTANTS_CACHE.cache.clear()  # it may hold what was read before
    try:
        yield
    finally:
        inner._get_local_constants = reading
        inner.CONSTANTS_CACHE.cache.clear()


@contextmanager
def _home_elsewhere() -> Generator[None]:
    """By default hypothesis keeps its tables in `.hypothesis` of the current folder, which is the user's."""
    from hypothesis.configuration import set_hypothesis_home_dir  # noqa: PLC0415  because it is an extra

    with tempfile.TemporaryDirectory(prefix="secant-draw-") as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
