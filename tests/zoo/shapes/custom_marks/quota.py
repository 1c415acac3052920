"""Quotas."""


def remaining(used, quota=100):
    left = quota - sum(used)
    if left < 0:
        raise OverflowError(-left)
    return left
