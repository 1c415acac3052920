"""Fractions."""


class Rational:
    def __init__(self, top, bottom=1):
        if bottom == 0:
            raise ZeroDivisionError(top)
        a, b = abs(top), abs(bottom)
        while b:
            a, b = b, a % b
        sign = -1 if bottom < 0 else 1
        self.top, self.bottom = sign * top // a, sign * bottom // a


HALF = Rational(2, 4)
