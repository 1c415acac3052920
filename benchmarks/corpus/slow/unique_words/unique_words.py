def unique_words(text):
    """Words of a text in order of first appearance, in lower case."""
    seen = []
    for word in text.lower().split():
        if word not in seen:
            seen.append(word)
    return seen
