from unittest import mock

import pytest
import tax


def test_real():
    assert tax.gross(1000, "DE") == 1190


def test_patched():
    with mock.patch("tax.rate", return_value=50):
        assert tax.gross(1000, "XX") == 1500


@mock.patch("tax.rate", autospec=True)
def test_autospec(rate):
    rate.return_value = 0
    assert tax.rate("DE", reduced=True) == 0
    with pytest.raises(TypeError):
        tax.rate("DE", 1, 2)


def test_wraps():
    with mock.patch("tax.rate", wraps=tax.rate) as spy:
        assert tax.gross(100, "FR") == 120
    spy.assert_called_once_with("FR")


def test_reduced():
    assert tax.rate("DE", reduced=True) == 7
