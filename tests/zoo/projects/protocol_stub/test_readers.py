from readers import Zeros


def test_zeros():
    assert Zeros().read(2) == b"\0\0"
