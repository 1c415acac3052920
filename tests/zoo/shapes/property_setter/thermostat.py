"""A thermostat with a safe range."""


class Thermostat:
    def __init__(self):
        self._target = 20.0
        self.changes = 0

    @property
    def target(self):
        return self._target

    @target.setter
    def target(self, celsius):
        clamped = min(30.0, max(5.0, celsius))
        if clamped != self._target:
            self.changes += 1
        self._target = clamped
