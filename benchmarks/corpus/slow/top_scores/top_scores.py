def top_scores(scores, k):
    """The k best scores, best first."""
    rest = scores[:]
    best = []
    for _ in range(min(k, len(scores))):
        top = rest[0]
        for score in rest:
            if score > top:
                top = score
        best.append(top)
        rest.remove(top)
    return best
