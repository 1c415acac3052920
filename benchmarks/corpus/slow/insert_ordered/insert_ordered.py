def collect_sorted(stream, reverse=False):
    """Collect numbers from a stream into an ordered list."""
    ordered = []
    for number in stream:
        position = 0
        while position < len(ordered) and ordered[position] <= number:
            position += 1
        ordered.insert(position, number)
    if reverse:
        ordered = ordered[::-1]
    return ordered
