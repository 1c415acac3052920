def dedupe(items):
    """Items without repeats, in order of first appearance."""
    return list(dict.fromkeys(items))
