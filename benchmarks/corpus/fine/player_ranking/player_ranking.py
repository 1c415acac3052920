from operator import itemgetter

_POINTS = itemgetter(1)


def rank_players(players):
    """(name, points) pairs, most points first; equal players keep their order."""
    return sorted(players, key=_POINTS, reverse=True)
