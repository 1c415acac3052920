import math


def fewest_coins(coins, amount):
    """Fewest coins that sum to amount, math.inf if there is no way."""
    if amount == 0:
        return 0
    best = math.inf
    for coin in coins:
        if coin <= amount:
            candidate = 1 + fewest_coins(coins, amount - coin)
            if candidate < best:
                best = candidate
    return best
