def running_totals(amounts):
    """Balance after each amount, in cents."""
    return [sum(amounts[: i + 1]) for i in range(len(amounts))]
