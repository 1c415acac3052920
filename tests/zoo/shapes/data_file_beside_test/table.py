"""Small tables."""

from pathlib import Path

UNITS = Path(__file__).with_name("units.csv")


def read_table(path=UNITS, separator=","):
    """Rows as dictionaries; blank lines and comments are left out."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    head, *rows = (line.split(separator) for line in lines)
    return [dict(zip(head, row)) for row in rows]
