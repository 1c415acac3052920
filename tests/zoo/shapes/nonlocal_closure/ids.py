"""Sources of identifiers."""


def id_source(prefix):
    count = 0

    def fresh():
        nonlocal count
        count += 1
        return f"{prefix}{count}"

    def used():
        return count

    return fresh, used


new_order, orders = id_source("order-")
