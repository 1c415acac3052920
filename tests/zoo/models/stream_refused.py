"""Takes no request for a stream."""

from tests.zoo.models.server import completion, error


def reply(request):
    if "stream" in request:
        return error(400, "Unrecognized request argument supplied: stream_options", "invalid_request_error")
    return completion(request, "all at once")
