from typing import Optional


def first_unique(text: str) -> Optional[str]:
    """The first character that occurs exactly once."""
    for character in text:
        if text.count(character) == 1:
            return character
    return None
