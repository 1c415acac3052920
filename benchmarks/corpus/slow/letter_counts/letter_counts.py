import string


def letter_counts(text):
    """How often each letter a-z occurs, ignoring case, as 26 numbers."""
    counts = [0] * 26
    for character in text:
        for position in range(26):
            if character.lower() == string.ascii_lowercase[position]:
                counts[position] = counts[position] + 1
    return counts
