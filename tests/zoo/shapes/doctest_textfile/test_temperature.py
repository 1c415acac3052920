from temperature import fahrenheit


def test_frost():
    assert fahrenheit(0) == 32


def test_same():
    assert fahrenheit(-40) == -40
