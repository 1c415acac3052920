def build_order(needs, first=()):
    """The parts in an order in which they can be built: each after the parts that it needs."""
    order = []

    def visit(name):
        if name in order:
            return
        for other in needs.get(name, []):
            visit(other)
        order.append(name)

    for name in sorted(needs):
        visit(name)
    return order
