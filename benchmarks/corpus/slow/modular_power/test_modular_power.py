from modular_power import power_mod


def test_small():
    assert power_mod(2, 10, 1000) == 24
    assert power_mod(5, 0, 7) == 1
    assert power_mod(5, 0, 1) == 0
    assert power_mod(-2, 3, 5) == 2


def test_large():
    assert power_mod(7, 1_000_002, 1_000_003) == 1
