"""Receipts."""


def print_receipt(lines):
    total = 0
    for name, cents in lines:
        print(f"{name:<10}{cents / 100:>8.2f}")
        total += cents
    print(f"{'total':<10}{total / 100:>8.2f}")
