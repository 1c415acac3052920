from typing import List


def merge(left: List[int], right: List[int]) -> List[int]:
    """Merge two ascending lists into one; the lists are left as they were."""
    left = left[:]
    right = right[:]
    merged = []
    while left and right:
        if left[0] <= right[0]:
            merged.append(left.pop(0))
        else:
            merged.append(right.pop(0))
    return merged + left + right
