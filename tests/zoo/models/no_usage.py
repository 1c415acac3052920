"""An answer that does not say what it cost."""

from tests.zoo.models.server import as_json


def reply(request):
    return as_json({"choices": [{"finish_reason": "stop", "message": {"content": "héllo"}}]})
