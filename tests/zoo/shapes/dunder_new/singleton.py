"""One settings object for each name."""


class Settings:
    _made = {}

    def __new__(cls, name="default"):
        if name not in cls._made:
            made = super().__new__(cls)
            made.name = name
            made.values = {}
            cls._made[name] = made
        return cls._made[name]


DEFAULT = Settings()
