from handlers import ROUTES, Handler, LargeHandler


def test_on_the_class():
    assert Handler.area(3, 4) == 12


def test_clamped():
    assert (Handler.area(50, 50), Handler.area(-5)) == (100, 0)


def test_subclass():
    assert LargeHandler.area(2) == 20


def test_through_the_table():
    function, options = ROUTES["/area"]
    assert options == {"method": "GET"}
    assert function(LargeHandler, 3) == 30
