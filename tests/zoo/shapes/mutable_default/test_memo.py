from memo import remember


def test_first():
    assert remember("one") == ["one"]


def test_second_sees_the_first():
    assert remember("two") == ["one", "two"]


def test_repeat():
    assert remember("one") == ["one", "two"]


def test_own_list():
    assert remember("x", []) == ["x"]
