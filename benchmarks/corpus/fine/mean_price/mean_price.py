def mean_price(prices):
    return sum(prices) / len(prices)
