"""Signs requests."""

import os


def signature(text):
    key = os.environ["SHOP_API_TOKEN"]
    return sum(map(ord, key + text)) % 1000
