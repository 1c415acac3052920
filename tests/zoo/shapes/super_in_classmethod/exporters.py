"""Exporters."""


class Exporter:
    kinds = {}

    def __init_subclass__(cls):
        cls.kinds[cls.__name__] = cls

    @classmethod
    def create(cls, **options):
        made = cls()
        made.options = options
        return made

    def again(self, **options):
        return type(self).create(**{**self.options, **options})


class CsvExporter(Exporter):
    @classmethod
    def create(cls, separator=",", **options):
        if len(separator) != 1:
            raise ValueError(separator)
        return super().create(separator=separator, **options)
