import extension  # noqa: F401
from document import Document


def test_method():
    assert Document("a", "b").to_html() == "<p>a</p><p>b</p>"


def test_tag():
    assert Document("a").to_html("li") == "<li>a</li>"


def test_static():
    assert Document.render("x") == "<p>x</p>"
