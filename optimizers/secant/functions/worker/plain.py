"""Tests as callables: the bare function where a test needs nothing of pytest, pytest's own protocol elsewhere."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol

if TYPE_CHECKING:
    from typing import TypeGuard


_ASYNC_PLUGINS = frozenset({"pytest_asyncio", "anyio"})


def is_plain(item: pytest.Item) -> TypeGuard[pytest.Function]:
    """Whether the test is a function that needs nothing of pytest but its parameters."""
    if type(item) is not pytest.Function or not all(_is_idle(item, name) for name in _fixtures(item)):
        return False
    function = _function(item)
    special = inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function)
    return not special and all(mark.name == "parametrize" for mark in item.iter_markers())


def _fixtures(item: pytest.Function) -> set[str]:
    return set(item.fixturenames) - set(_parameters(item))


def _is_idle(item: pytest.Function, name: str) -> bool:
    """Whether a fixture means nothing to a test that is not async: what async plugins give to every test."""
    info: Any = getattr(item, "_fixtureinfo", None)
    definitions = info.name2fixturedefs.get(name, ()) if info is not None else ()
    modules = [str(getattr(definition.func, "__module__", "")) for definition in definitions]
    return bool(modules) and all(module.partition(".")[0] in _ASYNC_PLUGINS for module in modules)


def runner(item: pytest.Item) -> Callable[[], object]:
    """A callable that runs the test and raises where it fails."""
    if not is_plain(item):
        return lambda: _by_protocol(item)
    cls, function, parameters = item.cls, _function(item), _parameters(item)
    arguments = {name: parameters[name] for name in inspect.signature(function).parameters if name in parameters}
    if cls is not None:
        return lambda: getattr(cls(), item.originalname or item.name)(**copy.deepcopy(arguments))
    return (lambda: function(**copy.deepcopy(arguments))) if arguments else function


def _function(item: Any) -> Callable[..., Any]:
    """The test's function, to which pytest gives no type."""
    return item.function


def _parameters(item: Any) -> dict[str, Any]:
    """The parameters that go to the test itself, not through a fixture (`indirect`)."""
    callspec = getattr(item, "callspec", None)
    if callspec is None:
        return {}
    if hasattr(callspec, "funcargs"):  # before pytest 8
        return dict(callspec.funcargs)
    definitions = item._fixtureinfo.name2fixturedefs
    return {name: value for name, value in callspec.params.items() if _is_direct(definitions.get(name))}


def _is_direct(definitions: Any) -> bool:
    """Since pytest 8 a direct parameter has a fixture of pytest's own making."""
    return not definitions or definitions[-1].func.__name__ == "get_direct_param_fixture_func"


def _by_protocol(item: pytest.Item) -> None:
    for report in runtestprotocol(item, log=False, nextitem=None):
        if report.failed:
            raise AssertionError("failed")
        if report.skipped and not hasattr(report, "wasxfail"):
            raise AssertionError("skipped")
