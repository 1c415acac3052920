def pair_with_sum(numbers, target):
    """Indices (i, j), i < j, of the only two numbers that add up to target, or None."""
    n = len(numbers)
    for i in range(n):
        for j in range(i + 1, n):
            if numbers[i] + numbers[j] == target:
                return i, j
    return None
