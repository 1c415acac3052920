"""A web page: the address of something else."""

from tests.zoo.models.server import Reply


def reply(request):
    return Reply(body=b"<html>Welcome</html>", headers=(("Content-Type", "text/html; charset=utf-8"),))
