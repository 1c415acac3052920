"""Due dates."""


def is_late(due, today, grace=0):
    return today > due + grace


EXAMPLES = [is_late(1, 2), is_late(2, 1)]
