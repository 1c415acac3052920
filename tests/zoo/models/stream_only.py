"""Takes no request but for a stream."""

from tests.zoo.models.server import error, streamed


def reply(request):
    if not request.get("stream"):
        return error(400, "This model only supports stream mode", "invalid_request_error")
    return streamed(request, "one ", "two")
