def distance(a: str, b: str) -> int:
    """Levenshtein distance between two words."""
    if not a:
        return len(b)
    if not b:
        return len(a)
    if a[0] == b[0]:
        return distance(a[1:], b[1:])
    deleted = distance(a[1:], b)
    inserted = distance(a, b[1:])
    replaced = distance(a[1:], b[1:])
    return 1 + min(deleted, inserted, replaced)
