def is_palindrome(text: str) -> bool:
    """Whether a text reads the same in both directions."""
    i = 0
    j = len(text) - 1
    while i < j:
        if text[i] != text[j]:
            return False
        i += 1
        j -= 1
    return True
