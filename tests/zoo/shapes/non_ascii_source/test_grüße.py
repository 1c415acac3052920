import pytest
from grüße import begrüße


@pytest.mark.parametrize(("sprache", "gruß"), [("de", "Grüß dich"), ("ja", "こんにちは")], ids=["Größe", "日本"])
def test_sprachen(sprache, gruß):
    assert begrüße("Zoë", sprache) == f"{gruß}, Zoë! 👋"


def test_ohne_namen():
    assert begrüße("") == "…"


def test_ähnlich():
    assert begrüße("Åsa", "fr").startswith("Ça va, Å")
