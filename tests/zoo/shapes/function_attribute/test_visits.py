import pytest
import visits
from visits import visit


@pytest.fixture(autouse=True)
def fresh():
    visit.count = 0
    visit.pages.clear()


def test_pages():
    assert [visit("a"), visit("b"), visit("a")] == [1, 2, 2]


def test_count():
    visit("a")
    visit("a")
    assert visits.visit.count == 2


def test_attribute_is_shared():
    visit("z")
    assert visits.visit.pages == {"z"}
