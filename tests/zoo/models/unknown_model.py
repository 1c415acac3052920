"""No such model."""

from tests.zoo.models.server import error


def reply(request):
    return error(404, f"The model {request['model']} does not exist", "model_not_found")
