"""Multiplication tables."""


def table(number, upto=3):
    return [number * factor for factor in range(1, upto + 1)]


class TestTable:
    threes = table(3)

    def test_threes(self):
        assert self.threes == [3, 6, 9]

    def test_upto(self):
        assert table(2, upto=1) == [2]

    def test_default(self, expected=table(1)):
        assert expected == [1, 2, 3]
