from itertools import chain


def flatten(nested):
    return list(chain.from_iterable(nested))
