from typing import List, Tuple


def best_value(items: List[Tuple[int, int]], capacity: int, index: int = 0) -> int:
    """The greatest total value of (weight, value) items that fit into the capacity.

    Each item can be taken once.
    """
    if index == len(items):
        return 0
    weight, value = items[index]
    skipped = best_value(items, capacity, index + 1)
    if weight > capacity:
        return skipped
    taken = value + best_value(items, capacity - weight, index + 1)
    return max(skipped, taken)
