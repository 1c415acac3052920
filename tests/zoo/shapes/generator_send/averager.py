"""A running mean."""


def averager(start=0.0):
    """Coroutine: send figures, receive their mean; throw ValueError to reset; returns the count."""
    total, count, mean = 0.0, 0, start
    while True:
        try:
            figure = yield mean
        except ValueError:
            total, count, mean = 0.0, 0, start
            continue
        if figure is None:
            return count
        total += figure
        count += 1
        mean = total / count
