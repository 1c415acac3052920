import pytest
from pool import Pool


class TestPool:
    @classmethod
    def setup_class(cls):
        cls.first = Pool("ba").take()

    def setup_method(self):
        self.pool = Pool(["x", "y"])
        self.taken = self.pool.take()

    def teardown_method(self, method):
        self.pool.put(self.taken)
        assert self.taken not in self.pool.busy

    def test_sorted(self):
        assert self.first == "a"

    def test_next(self):
        assert self.pool.take() == "y"

    def test_busy(self):
        assert self.pool.busy == {"x"}

    def test_empty(self):
        self.pool.take()
        with pytest.raises(LookupError, match="empty"):
            self.pool.take()
