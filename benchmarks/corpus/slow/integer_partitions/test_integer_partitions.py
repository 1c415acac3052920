from integer_partitions import partitions


def test_small():
    assert [partitions(n) for n in range(8)] == [1, 1, 2, 3, 5, 7, 11, 15]


def test_limited_parts():
    assert partitions(5, largest=2) == 3
    assert partitions(5, 1) == 1
    assert partitions(5, 0) == 0


def test_larger():
    assert partitions(38) == 26015
