def tally(votes):
    """Votes per candidate, candidates in order of their first vote."""
    result = {}
    for name in votes:
        result[name] = votes.count(name)
    return result
