import pytest

from .samples import prepare


@pytest.fixture(scope="session")
def water():
    return prepare("water")


@pytest.fixture(scope="package")
def saline(water):
    return prepare("saline", water["volume"] * 2)
