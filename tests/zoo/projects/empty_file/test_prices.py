import prices


def test_module():
    assert prices
