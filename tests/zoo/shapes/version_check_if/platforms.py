"""Line ends."""

import sys

if sys.version_info >= (3, 0):

    def lines(data):
        """Lines of bytes as text."""
        return data.decode("utf-8").splitlines()

else:

    def lines(data):
        """Lines of bytes as text."""
        return data.splitlines()
