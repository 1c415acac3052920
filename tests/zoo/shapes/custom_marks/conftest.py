import pytest


@pytest.fixture
def used(request):
    marker = request.node.get_closest_marker("used")
    return list(marker.args) if marker else []
