from page_chunks import chunks


def test_chunks():
    assert list(chunks([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]
    assert list(chunks("", 3)) == []


def test_is_lazy():
    assert next(chunks(range(10), 4)) == range(0, 4)


def test_many():
    assert sum(len(chunk) for chunk in chunks(list(range(20000)), 64)) == 20000
