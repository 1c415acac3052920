"""Classes that can be searched."""


class Catalogue(type):
    def find(cls, prefix):
        """Names of public attributes with a prefix, sorted."""
        return sorted(name for name in vars(cls) if name.startswith(prefix) and not name.startswith("_"))


class Colours(metaclass=Catalogue):
    red = 1
    rose = 2
    blue = 3
    _hidden = 4
