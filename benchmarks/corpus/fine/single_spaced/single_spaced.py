def single_spaced(text):
    """The text with every run of white space as one space, and none at its ends."""
    return " ".join(text.split())
