"""Another answer each time, although nothing in the request changed."""

import itertools

from tests.zoo.models.server import completion

_numbers = itertools.count(1)


def reply(request):
    return completion(request, *[f"sample {next(_numbers)}" for _ in range(request.get("n", 1))])
