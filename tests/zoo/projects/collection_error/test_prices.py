import a_package_that_is_not_installed
from prices import total


def test_total():
    assert total(a_package_that_is_not_installed.PRICES) == 3
