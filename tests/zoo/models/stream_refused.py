"""Takes no request for a stream, and repeats the key in saying so."""

from tests.zoo.models.server import completion, error


def reply(request):
    if "stream" in request:
        said = f"Unrecognized request argument supplied: stream_options ({request['_authorization']})"
        return error(400, said, "invalid_request_error")
    return completion(request, "all at once")
