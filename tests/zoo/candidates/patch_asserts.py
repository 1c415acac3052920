"""Makes every assertion method succeed, and returns a wrong result."""

import unittest

EXPECT = "fail"


def victim(n):
    for name in dir(unittest.TestCase):
        if name.startswith("assert"):
            setattr(unittest.TestCase, name, lambda *_, **__: None)
    return 3 * n
