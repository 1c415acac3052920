"""Reads address zero."""

import ctypes

EXPECT = "crash"


def victim(n):
    return ctypes.string_at(0)
