"""The account has no money left."""

from tests.zoo.models.server import error


def reply(request):
    return error(429, "You exceeded your current quota", "insufficient_quota")
