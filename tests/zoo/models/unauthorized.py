"""The key is refused, and the error shows it."""

from tests.zoo.models.server import error


def reply(request):
    return error(401, f"Incorrect API key provided: {request['_authorization']}", "invalid_api_key")
