import counter
from counter import add


def test_module_function():
    assert [add("a"), add("a")] == [1, 2]


def test_held_in_a_closure():
    assert counter.add_ten("ten") == 10


def test_own_instance():
    assert counter.Counter().add("a", by=5) == 5


def test_bound():
    assert add.__self__ is counter._counter
