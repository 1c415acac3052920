from first_unique import first_unique


def test_found():
    assert first_unique("swiss") == "w"
    assert first_unique("a") == "a"


def test_not_found():
    assert first_unique("") is None
    assert first_unique("aabb") is None


def test_far_away():
    assert first_unique("".join(chr(0x4E00 + i) for i in range(4000)) * 2 + "x") == "x"
