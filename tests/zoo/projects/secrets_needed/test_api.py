from api import signature


def test_signature():
    assert 0 <= signature("a") < 1000
