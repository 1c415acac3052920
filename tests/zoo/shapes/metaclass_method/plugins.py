"""Plug-ins that register themselves."""


class Registered(type):
    known = {}

    def __new__(mcls, name, bases, namespace):
        made = super().__new__(mcls, name, bases, namespace)
        if bases:
            made.key = name.lower()
            mcls.known[made.key] = made
        return made

    def names(cls):
        return sorted(cls.known)


class Plugin(metaclass=Registered):
    pass


class Zip(Plugin):
    pass


class Tar(Plugin):
    pass
