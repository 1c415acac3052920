from thermostat import Thermostat


def test_in_range():
    thermostat = Thermostat()
    thermostat.target = 21.5
    assert thermostat.target == 21.5


def test_clamped():
    thermostat = Thermostat()
    thermostat.target = 99
    assert thermostat.target == 30.0
    thermostat.target = -4
    assert thermostat.target == 5.0


def test_counts_real_changes():
    thermostat = Thermostat()
    thermostat.target = 20.0
    thermostat.target = 22.0
    assert thermostat.changes == 1
