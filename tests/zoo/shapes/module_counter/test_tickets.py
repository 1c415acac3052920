import pytest
import tickets


@pytest.fixture(autouse=True)
def fresh():
    tickets.issued = 0
    tickets.log.clear()


def test_first():
    assert tickets.next_ticket() == "A001"


def test_counts():
    assert [tickets.next_ticket(series) for series in "AB"] == ["A001", "B002"]
    assert tickets.issued == 2


def test_log():
    tickets.next_ticket("Z")
    assert tickets.log == ["Z"]
