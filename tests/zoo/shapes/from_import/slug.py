"""Slugs for addresses."""

import re


def slugify(title, limit=20):
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words)[:limit].strip("-")
