"""The connection is reset."""

from tests.zoo.models.server import Reply


def reply(request):
    return Reply(then="reset")
