"""A small shop. One function is wrong and one is slow: let Secant find out how."""


def order_total(prices, voucher_percent=0):
    """What the customer pays, in cents: goods less the voucher, and shipping below 50.00 of goods."""
    goods = 0
    for price in prices:
        goods += price
    paid = goods - goods * voucher_percent // 100
    shipping = 0 if goods >= 5000 else 490
    return paid + shipping


def regulars(today, yesterday):
    """Customers of both days, in the order of today, each once."""
    found = []
    for customer in today:
        if customer in yesterday and customer not in found:
            found.append(customer)
    return found
