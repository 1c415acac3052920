"""Valid JSON without an answer."""

from tests.zoo.models.server import as_json


def reply(request):
    return as_json({"id": "c", "choices": []})
