import pytest


def make_user(name, *, admin=False):
    return {"name": name.title(), "rights": ["read", "write", "admin"] if admin else ["read"]}


@pytest.fixture
def user_factory():
    return make_user


@pytest.fixture(scope="session")
def admin():
    return make_user("root", admin=True)
