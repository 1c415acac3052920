"""Refuses a request for more than one answer, as some servers do; it says which seed it was given."""

from tests.zoo.models.server import completion, error


def reply(request):
    if (request.get("n") or 1) > 1:
        return error(400, "'n' : number must be at most 1", "invalid_request_error")
    return completion(request, f"seed {request.get('seed')}")
