import audit


def test_starts_with_the_test():
    assert audit.TRAIL == ["system: test_starts_with_the_test"]


def test_appends(trail):
    audit.record("login", user="ann")
    assert trail[-1] == "ann: login"


def test_returns():
    assert audit.record("x") == "system: x"
