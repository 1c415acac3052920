from stores import MemoryStore


def test_hit():
    assert MemoryStore(a=1).get("a") == 1


def test_through_the_base():
    assert MemoryStore(a=1, b=2).get_many("ba") == [2, 1]


def test_misses_are_noted():
    store = MemoryStore(a=0)
    assert store.get_many("ax") == [0, None]
    assert store.missed == ["x"]
