"""Status 200 and half of a JSON object."""

from tests.zoo.models.server import Reply


def reply(request):
    return Reply(body=b"{\"choices\": [{\"mess")
