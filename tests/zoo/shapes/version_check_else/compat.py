"""Compatibility."""

import sys

if sys.version_info < (3, 0):

    def pairs(items):
        raise RuntimeError("python 3, please")

else:

    def pairs(items):
        """Neighbours."""
        items = list(items)
        return list(zip(items, items[1:]))
