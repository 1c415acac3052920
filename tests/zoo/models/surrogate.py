"""A lone surrogate, which no file can hold."""

from tests.zoo.models.server import Reply, completion


def reply(request):
    text = completion(request, "a@b").body.replace(b"@", b"\\ud800")
    return Reply(body=text)
