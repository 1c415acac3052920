"""How many tokens a prompt has: a bound for the budget, a guess for a forecast. No tokenizer, no network."""

from __future__ import annotations

from collections.abc import Sequence

from secant.models.contract import Message

_PER_MESSAGE = 16
_PER_REQUEST = 64
"""Role marks and a chat template's own words."""
_CHARACTERS_PER_TOKEN = 3.5


def bound(text: str) -> int:
    """No byte-level vocabulary makes more tokens of a text than it has bytes: about four times too many for English.

    A reservation is given back as soon as the true figure is known, so a bound that always holds costs little, and a
    tokenizer that guesses would let a cap be passed.
    """
    return len(text.encode("utf-8", "surrogatepass"))


def prompt_bound(messages: Sequence[Message]) -> int:
    """At most so many tokens are in a request."""
    return _PER_REQUEST + sum(_PER_MESSAGE + bound(m.content) for m in messages)


def guess(text: str) -> int:
    """About so many tokens, for telling people what to expect."""
    return round(len(text) / _CHARACTERS_PER_TOKEN)
