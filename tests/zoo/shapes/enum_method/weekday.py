"""Days of the week."""

from enum import Enum


class Weekday(Enum):
    MON = 1
    TUE = 2
    WED = 3
    THU = 4
    FRI = 5
    SAT = 6
    SUN = 7

    def next(self, working=False):
        """The day after; the next working day if wanted."""
        after = Weekday(self.value % 7 + 1)
        while working and after in (Weekday.SAT, Weekday.SUN):
            after = Weekday(after.value % 7 + 1)
        return after
