"""Votes."""


def winner(ballots, quorum=1):
    if len(ballots) < quorum:
        return None
    counts = {}
    for name in ballots:
        counts[name] = counts.get(name, 0) + 1
    return max(sorted(counts), key=counts.get)
