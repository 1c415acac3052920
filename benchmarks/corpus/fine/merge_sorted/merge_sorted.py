def merge_sorted(left, right):
    """Merge two ascending lists; the sort finds the two runs and merges them in linear time."""
    merged = left + right
    merged.sort()
    return merged
