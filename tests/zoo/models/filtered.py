"""Stopped by a content filter."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, "I can", finish="content_filter")
