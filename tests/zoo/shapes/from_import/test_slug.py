from slug import slugify
from slug import slugify as make_slug


def test_words():
    assert slugify("Hello, World!") == "hello-world"


def test_limit():
    assert slugify("one two three", limit=8) == "one-two"


class TestOtherName:
    function = staticmethod(make_slug)

    def test_empty(self):
        assert self.function("!!!") == ""

    def test_default_limit(self):
        assert len(make_slug("x" * 50)) == 20
