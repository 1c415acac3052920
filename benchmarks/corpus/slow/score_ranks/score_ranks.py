def score_ranks(scores):
    """Rank of each score, 1 for the highest; equal scores share a rank."""
    ranks = []
    for score in scores:
        ranks.append(sorted(scores, reverse=True).index(score) + 1)
    return ranks
