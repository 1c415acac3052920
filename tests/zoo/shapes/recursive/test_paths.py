import pytest
from paths import routes


@pytest.mark.parametrize(("rows", "columns", "expected"), [(0, 0, 1), (1, 1, 2), (2, 2, 6), (3, 2, 10), (5, 5, 252)])
def test_routes(rows, columns, expected):
    assert routes(rows, columns) == expected


def test_outside():
    assert routes(-1, 3) == 0
