from typing import List


def relative_prices(prices: List[float]) -> List[float]:
    """Each price as a share of the range from the cheapest to the dearest."""
    return [(price - min(prices)) / (max(prices) - min(prices)) for price in prices]
