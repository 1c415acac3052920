"""Discount rules, made once when the module is loaded."""


def make_discount(percent, floor=0):
    """A function cents -> cents."""

    def apply(cents):
        return max(floor, cents - cents * percent // 100)

    return apply


student = make_discount(20)
clearance = make_discount(90, floor=100)
