import pytest
from exporters import CsvExporter, Exporter


def test_default():
    assert CsvExporter.create().options == {"separator": ","}


def test_again():
    again = CsvExporter.create(separator=";").again(head=True)
    assert again.options == {"separator": ";", "head": True}


def test_through_the_registry():
    assert type(Exporter.kinds["CsvExporter"].create()) is CsvExporter


def test_separator():
    with pytest.raises(ValueError):
        CsvExporter.create(separator="::")
