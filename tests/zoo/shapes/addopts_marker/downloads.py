"""Sizes of downloads."""


def human_size(count):
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:g} {unit}"
        count /= 1000
    return f"{count:g} GB"
