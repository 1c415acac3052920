from search import matches


def test_case():
    assert matches(["A b", "c"], "B") == ["A b"]


def test_exact():
    assert matches(["A b", "c"], "B", ignore_case=False) == []


def test_slow():
    raise AssertionError("deselected by -k")


class TestOld:
    def test_anything(self):
        raise AssertionError("deselected by -k")
