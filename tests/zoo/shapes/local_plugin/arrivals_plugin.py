import pytest
from queueing import average_wait


@pytest.fixture
def arrivals():
    return [0, 1, 2]


@pytest.fixture(scope="session")
def idle():
    return average_wait([0, 100], service=5)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    outcome.get_result().sections.append(("queue", item.name))
