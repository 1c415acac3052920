from circle import Circle


def test_area():
    assert Circle(2).area == 12.57


def test_negative():
    assert Circle(-1).area == 0


def test_documented():
    assert Circle.area.__doc__ == "Rounded area."
