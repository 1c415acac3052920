"""Receipts."""

import os


def save(number, lines):
    """Writes receipts/<number>.txt and gives its path."""
    os.makedirs("receipts", exist_ok=True)
    path = os.path.join("receipts", f"{number}.txt")
    with open(path, "w") as file:
        file.write(" ".join(lines) + "\n")
    return path
