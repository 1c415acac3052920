from unique_words import unique_words


def test_order_is_kept():
    assert unique_words("the cat and The dog and") == ["the", "cat", "and", "dog"]


def test_empty():
    assert unique_words("") == []


def test_long_text():
    text = " ".join(f"word{i * 37 % 1000}" for i in range(4000))
    words = unique_words(text)
    assert len(words) == 1000
    assert words[:3] == ["word0", "word37", "word74"]
