"""Text in columns."""


def columns(cells, width=8, /, *, gap=1, align="left"):
    if align not in ("left", "right"):
        raise ValueError(align)
    padded = [cell.ljust(width) if align == "left" else cell.rjust(width) for cell in cells]
    return (" " * gap).join(padded)
