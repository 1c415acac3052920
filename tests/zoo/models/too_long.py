"""More than the context window."""

from tests.zoo.models.server import error


def reply(request):
    return error(400, "maximum context length exceeded", "context_length_exceeded")
