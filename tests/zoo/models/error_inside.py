"""Status 200, and an error inside."""

from tests.zoo.models.server import as_json


def reply(request):
    return as_json({"error": {"message": "upstream is down", "code": 502}})
