"""What every test of the engine shares: the plug-ins of this environment stay out of the projects that are judged.

Here they are those of Secant's own tests. Loading them would cost each pytest of a run three times what pytest costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache

import pytest

from secant.functions.launching import COLD_SEED, WARM_SEED
from tests.optimizers.commands import Commands
from tests.optimizers.functions import preloaded


@pytest.fixture(scope="session", autouse=True)
def _without_plugins() -> Iterator[None]:
    """In a fixture, because the processes that share the tests out (xdist) do need theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        yield


@pytest.fixture(scope="session")
def python_with_pytest() -> Iterator[preloaded.Preloaded]:
    made = preloaded.Preloaded()
    yield made
    made.close()


@pytest.fixture(scope="session")
def commands(python_with_pytest: preloaded.Preloaded) -> Iterator[Commands]:
    """Secant's commands as forks of one process."""
    made = Commands(python_with_pytest)
    yield made
    made.close()


@pytest.fixture(scope="module")
def commands_under() -> Iterator[Callable[[str], Commands]]:
    """Secant's commands under a hash seed, and their workers under those that Secant gives them."""
    with ExitStack() as stack:
        seeds = (WARM_SEED, COLD_SEED)
        hosts = {seed: stack.enter_context(closing(preloaded.Preloaded(hash_seed=seed))) for seed in seeds}
        workers = preloaded.Seeded(hosts)
        yield cache(lambda seed: stack.enter_context(closing(Commands(workers, seed))))


@pytest.fixture(scope="module")
def preloaded_workers(python_with_pytest: preloaded.Preloaded) -> Iterator[None]:
    """For a file whose tests are about what comes out of a run: its workers are forks that have pytest already."""
    with pytest.MonkeyPatch.context() as patch:
        python_with_pytest.install(patch)
        yield


@pytest.fixture
def started_workers(preloaded_workers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test in such a file that has its workers started as the product starts them."""
    preloaded.uninstall(monkeypatch)
