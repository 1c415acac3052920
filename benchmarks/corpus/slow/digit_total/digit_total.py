def digit_sum(n):
    total = 0
    while n > 0:
        total += n % 10
        n //= 10
    return total


def matching_numbers(numbers, targets):
    """For each target, how many numbers have its digit sum."""
    return [sum(1 for number in numbers if digit_sum(number) == digit_sum(target)) for target in targets]
