import pytest
from kreis import Kreis


def test_fläche():
    assert Kreis(3).fläche() == pytest.approx(28.27431)


def test_fix():
    assert Kreis(0).fläche(fix=4) == 4


def test_größe():
    with pytest.raises(ValueError, match="Größe"):
        Kreis(-1).fläche()
