"""Events with topics."""


class Event:
    topics = []

    def __init_subclass__(cls, topic=None, **options):
        super().__init_subclass__(**options)
        cls.topic = topic or cls.__name__.lower()
        Event.topics.append(cls.topic)


class Saved(Event):
    pass


class Closed(Event, topic="file-closed"):
    pass
