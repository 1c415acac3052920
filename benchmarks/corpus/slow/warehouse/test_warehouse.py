from warehouse import Warehouse


def test_unknown_codes():
    warehouse = Warehouse([("A1", "nut"), ("A2", "bolt")])
    assert warehouse.unknown(["gear", "nut", "cog", "gear"]) == ["gear", "cog"]


def test_nothing_asked():
    assert Warehouse([]).unknown([]) == []
    assert Warehouse([]).unknown(["x"]) == ["x"]


def test_shelves_may_change_between_calls():
    warehouse = Warehouse([])
    assert warehouse.unknown(["nut"]) == ["nut"]
    warehouse.shelves.append(("A1", "nut"))
    assert warehouse.unknown(["nut"]) == []


def test_stock_taking():
    warehouse = Warehouse([(f"S{i}", f"code{i}") for i in range(1000)])
    codes = [f"code{i}" for i in range(0, 2000, 2)]
    assert warehouse.unknown(codes) == [f"code{i}" for i in range(1000, 2000, 2)]
