"""Entries."""


def balance(entries):
    """Credit minus debit over (kind, cents)."""
    total = 0
    for kind, cents in entries:
        if kind == "credit":
            total += cents
        elif kind == "debit":
            total -= cents
        else:
            raise ValueError(kind)
    return total
