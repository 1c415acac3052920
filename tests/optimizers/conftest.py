"""What every test of the engine shares: the plug-ins of this environment stay out of the projects that are judged.

Here they are those of Secant's own tests. Loading them would cost each pytest of a run three times what pytest costs.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _without_plugins() -> Iterator[None]:
    """In a fixture, because the processes that share the tests out (xdist) do need theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        yield
