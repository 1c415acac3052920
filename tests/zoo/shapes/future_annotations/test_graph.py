from graph import reachable

CHAIN = {"a": ["b"], "b": ["c"], "c": ["a"]}


def test_all():
    assert reachable(CHAIN, "b") == {"a", "b", "c"}


def test_limit():
    assert reachable(CHAIN, "a", limit=1) == {"a", "b"}


def test_unknown_start():
    assert reachable({}, "z") == {"z"}


def test_annotations_stay_text():
    assert reachable.__annotations__["graph"] == "Mapping[str, Sequence[str]]"
