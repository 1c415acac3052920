from ranking import rank

PLAYERS = [("Ann", 3), ("Bo", 9), ("Cy", 5), ("Di", 1)]


def test_points():
    assert rank(PLAYERS) == ["1. Bo", "2. Cy", "3. Ann"]


def test_other_key():
    assert rank(PLAYERS, key=lambda player: player[0])[0] == "1. Ann"


def test_medals():
    assert rank(PLAYERS, medals="*") == ["* Bo"]
