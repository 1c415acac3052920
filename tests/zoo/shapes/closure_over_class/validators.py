"""Makes validators."""


def validator(name, low=None, high=None):
    def check(self):
        value = getattr(self, name)
        if low is not None and value < low:
            return f"{name} below {low}"
        if high is not None and value > high:
            return f"{name} above {high}"
        return None

    return check


class Order:
    check_count = validator("count", low=1)
    check_price = validator("price", low=0, high=1000)

    def __init__(self, count, price):
        self.count, self.price = count, price
