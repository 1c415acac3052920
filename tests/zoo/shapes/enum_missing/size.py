"""Sizes of clothes."""

from enum import Enum


class Size(Enum):
    SMALL = "S"
    LARGE = "L"

    @classmethod
    def _missing_(cls, value):
        for member in cls:
            if str(value).upper() in (member.value, member.name):
                return member
        return None
