"""Packs the parcels, and tells only when the test lets it."""

from tests.zoo.models import packer


def reply(request):
    request["_released"].wait()
    return packer.reply(request)
