def compare_versions(one, other):
    """-1, 0 or 1: whether the first version of a package is older than the second, the same, or newer."""
    first = [int(part) for part in one.split(".")]
    second = [int(part) for part in other.split(".")]
    return (first > second) - (first < second)
