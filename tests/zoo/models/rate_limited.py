"""Too many requests; come back in seven seconds."""

from tests.zoo.models.server import error


def reply(request):
    return error(429, "Rate limit reached", "rate_limit_exceeded", ("Retry-After", "7"))
