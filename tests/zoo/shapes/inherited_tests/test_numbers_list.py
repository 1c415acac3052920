from numbers_list import middle


class Checks:
    values = []
    expected = None

    def test_middle(self):
        assert middle(self.values) == self.expected

    def test_order_does_not_matter(self):
        assert middle(self.values[::-1]) == self.expected


class TestOdd(Checks):
    values, expected = [3, 1, 2], 2


class TestEven(Checks):
    values, expected = [4, 1, 2, 3], 2.5

    def test_type(self):
        assert isinstance(middle(self.values), float)
