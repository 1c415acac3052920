"""What all tests share: no property is judged by how long an example takes, which other work on the machine decides."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
