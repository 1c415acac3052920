"""Tax."""


def rate(country, reduced=False):
    rates = {"DE": 19, "FR": 20}
    return 7 if reduced and country == "DE" else rates[country]


def gross(cents, country):
    return cents + cents * rate(country) // 100
