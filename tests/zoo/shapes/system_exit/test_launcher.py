import pytest
from launcher import launch


def test_known():
    assert launch(["stop"]) == "stop"


def test_usage():
    with pytest.raises(SystemExit, match="usage"):
        launch([])


def test_unknown():
    with pytest.raises(SystemExit) as exit:
        launch(["fly"])
    assert exit.value.code == 2


def test_after_the_exits():
    assert launch(["start"]) == "start"
