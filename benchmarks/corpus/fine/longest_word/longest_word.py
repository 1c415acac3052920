def longest(words):
    """The longest word, the first of equals; raises ValueError when there is none."""
    return max(words, key=len)
