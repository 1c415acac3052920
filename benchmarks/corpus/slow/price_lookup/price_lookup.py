def basket_total(basket, price_list):
    """Total of a basket of (sku, amount) by a list of (sku, cents); raises KeyError for an unknown sku."""
    total = 0
    for sku, amount in basket:
        price = next((cents for known, cents in price_list if known == sku), None)
        if price is None:
            raise KeyError(sku)
        total += price * amount
    return total
