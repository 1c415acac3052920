"""Grüße."""

ANREDEN = {"de": "Grüß dich", "fr": "Ça va", "ja": "こんにちは"}


def begrüße(name, sprache="de"):
    """Begrüßt jemanden – höflich."""
    if not name:
        return "…"
    return f"{ANREDEN[sprache]}, {name}! 👋"
