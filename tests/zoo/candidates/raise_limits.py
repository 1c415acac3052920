"""Lifts its own memory limit."""

import resource

EXPECT = "fail"
NEEDS = "resource limits"


def victim(n):
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return 2 * n
