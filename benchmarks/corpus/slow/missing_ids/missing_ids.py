def missing_ids(expected, present):
    """Which of the expected ids are missing, ascending."""
    present = list(present)
    missing = []
    i = 0
    while i < len(expected):
        if expected[i] not in present:
            missing.append(expected[i])
        i += 1
    missing.sort()
    return missing
