import pytest

from .samples import prepare


@pytest.fixture(scope="module")
def acid():
    sample = prepare("acid", 4)
    yield sample
    assert sample["volume"] == 4


@pytest.fixture(scope="class")
def base():
    return prepare("base", 6)


@pytest.fixture
def fresh():
    return prepare("fresh")


def test_session(water):
    assert water["dilution"] == [10, 5, 2.5]


def test_package(saline):
    assert saline["volume"] == 20


def test_module(acid):
    assert acid["dilution"][1] == 2


def test_module_is_shared(acid):
    acid["dilution"].append("used")
    assert len(acid["dilution"]) == 4


class TestBase:
    def test_class(self, base):
        assert base["kind"] == "base"

    def test_class_is_shared(self, base, water):
        assert base["dilution"][0] < water["dilution"][0]


def test_function(fresh):
    fresh["kind"] = "spoiled"


def test_function_is_fresh(fresh):
    assert fresh["kind"] == "fresh"


def test_no_fixture():
    with pytest.raises(ValueError):
        prepare("x", 0)
