"""Orders words."""


def by_length(word):
    return (len(word), word)


def ordered(words, key=by_length):
    return sorted(words, key=key)


class Shelf:
    def __init__(self, words, *, key=by_length):
        self.words = sorted(words, key=key)
