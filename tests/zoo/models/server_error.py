"""HTTP 500."""

from tests.zoo.models.server import error


def reply(request):
    return error(500, "internal error", "server_error")
