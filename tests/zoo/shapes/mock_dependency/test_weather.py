from unittest import mock

import weather
from weather import advice


@mock.patch("weather.fetch", return_value={"celsius": 3})
def test_cold(fetch):
    assert advice("Ulm") == "coat"
    fetch.assert_called_once_with("Ulm")


def test_rain():
    with mock.patch.object(weather, "fetch", return_value={"celsius": 20, "rain": 0.9}):
        assert advice("Ulm") == "umbrella"


@mock.patch("weather.urllib.request.urlopen", side_effect=OSError("no network"))
def test_offline(urlopen):
    assert advice("Ulm") == "look out of the window"
    assert urlopen.call_args == mock.call("http://weather.invalid/Ulm")


def test_warm(monkeypatch):
    fake = mock.Mock(return_value={"celsius": 25, "rain": 0.1})
    monkeypatch.setattr(weather, "fetch", fake)
    assert advice("Rome") == "shirt"
    assert fake.mock_calls == [mock.call("Rome")]
