def moving_average(values, window):
    """Average of each full window; values are integers."""
    averages = []
    for start in range(len(values) - window + 1):
        total = 0
        for offset in range(window):
            total += values[start + offset]
        averages.append(total / window)
    return averages
