import audit
import pytest


@pytest.fixture(autouse=True)
def trail(request):
    audit.record(request.node.name)
    yield audit.TRAIL
    assert audit.TRAIL[0].startswith("system: test_")
    audit.TRAIL.clear()
