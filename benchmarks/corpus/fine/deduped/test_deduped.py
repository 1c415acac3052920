from deduped import dedupe


def test_order():
    assert dedupe("mississippi") == ["m", "i", "s", "p"]
    assert dedupe([]) == []


def test_many():
    assert dedupe([i % 700 for i in range(10000)]) == list(range(700))
