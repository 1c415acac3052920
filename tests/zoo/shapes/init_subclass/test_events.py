from events import Closed, Event, Saved


def test_default_topic():
    assert Saved.topic == "saved"


def test_given_topic():
    assert Closed.topic == "file-closed"


def test_order():
    assert Event.topics[:2] == ["saved", "file-closed"]


def test_made_in_the_test():
    class Late(Event):
        pass

    assert Late.topic == "late"
