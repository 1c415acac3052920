from ids import id_source, new_order, orders


def test_counts_up():
    fresh, _ = id_source("x")
    assert [fresh(), fresh()] == ["x1", "x2"]


def test_shared_cell():
    fresh, used = id_source("x")
    fresh()
    assert used() == 1


def test_made_at_import():
    before = orders()
    assert new_order() == f"order-{before + 1}"
    assert orders() == before + 1
