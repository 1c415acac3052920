from tracing_switch import area, calls


def test_square():
    assert area(3) == 9


def test_rectangle():
    assert area(3, 0) == 0


def test_not_traced():
    assert area.traced is False
    assert calls == []
