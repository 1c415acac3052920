"""Code in a fence where tags were asked for."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, "```python\ndef f(x):\n    return x\n```")
