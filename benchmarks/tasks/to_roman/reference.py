from fractions import Fraction

SIGNS = [
    (1000, "M"),
    (999, "IM"),
    (900, "CM"),
    (500, "D"),
    (499, "ID"),
    (400, "CD"),
    (100, "C"),
    (99, "IC"),
    (90, "XC"),
    (50, "L"),
    (49, "IL"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
]


def _whole(number):
    if number >= 4000:
        return "(" + _whole(number // 1000) + ")" + _whole(number % 1000)
    text = ""
    for value, sign in SIGNS:
        while number >= value:
            text += sign
            number -= value
    return text


def to_roman(number, medieval=False):
    if isinstance(number, bool) or not isinstance(number, (int, float, Fraction)):
        raise TypeError("not a number")
    if number < 0:
        return "-" + to_roman(-number, medieval)
    twelfths = number * 12
    if abs(twelfths - round(twelfths)) > 1e-6:
        raise ValueError("only twelfths can be carved")
    whole, part = divmod(round(twelfths), 12)
    if not whole and not part:
        return "N"
    text = "IIII" if whole == 4 else _whole(whole)
    if medieval and text.endswith("I"):
        text = text[:-1] + "J"
    return text + "S" * (part // 6) + ":" * (part % 6 // 2) + "." * (part % 2)
