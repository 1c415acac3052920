def best_window(sales, days):
    """First day of the best run of consecutive days, the earliest if several are equal."""
    best_start = 0
    best_total = None
    for start in range(0, len(sales) - days + 1):
        window_total = 0
        for day in range(start, start + days):
            window_total = window_total + sales[day]
        if best_total is None or window_total > best_total:
            best_total = window_total
            best_start = start
    return best_start
