def test_factory(user_factory):
    assert user_factory("ann") == {"name": "Ann", "rights": ["read"]}


def test_admin(admin):
    assert "admin" in admin["rights"]


def test_lists_are_apart(user_factory, admin):
    assert user_factory("x")["rights"] is not admin["rights"]
