import re

_IRREGULAR = {
    "child": "children",
    "foot": "feet",
    "goose": "geese",
    "man": "men",
    "mouse": "mice",
    "ox": "oxen",
    "person": "people",
    "tooth": "teeth",
    "woman": "women",
    "criterion": "criteria",
    "phenomenon": "phenomena",
}
_SAME = {"sheep", "fish", "deer", "series", "species", "scissors", "glasses"}
_UNITS = {"kg", "cm", "ml", "km"}
_SHORT_O = {"photo", "piano", "disco", "logo", "kilo", "euro"}
_PLAIN_F = {"roof", "chief", "belief", "proof", "reef", "chef", "cliff"}
_HEAD = re.compile(r"(.+?)([- ](?:in|of|by|for|with|to|on|at|and)(?:[- ].+)|[- ]by)$")


def _word(word):
    low = word.lower()
    if low in _SAME or low in _UNITS:
        return word
    if word.isupper() and len(word) > 1 or re.search(r"\d$", word):
        return word + "s"
    if len(word) == 1:
        return word + "'s"
    for single, plural in _IRREGULAR.items():
        if low == single or low.endswith(single) and single in ("foot", "tooth", "child") and len(low) > len(single):
            ending = word[len(word) - len(single) :]
            made = plural if ending[0].islower() else plural.capitalize()
            return word[: len(word) - len(single)] + made
    if low.endswith("man") and low not in ("human", "german", "roman", "ottoman", "talisman"):
        return word[:-2] + "en"
    if low.endswith("y") and low[-2] not in "aeiou":
        return word + "s" if word[0].isupper() else word[:-1] + "ies"
    if low.endswith("fe") and not low.endswith("ffe"):
        return word[:-2] + "ves"
    if low.endswith("f") and low not in _PLAIN_F and not low.endswith("ff"):
        return word[:-1] + "ves"
    if low.endswith("iz"):
        return word + "zes"
    if low.endswith("sis"):
        return word[:-2] + "es"
    if low.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if low.endswith("o") and low[-2] not in "aeiou" and low not in _SHORT_O:
        return word + "es"
    return word + "s"


def pluralize(noun, count=2):
    if abs(count) == 1:
        return noun
    text = noun.rstrip()
    tail = noun[len(text) :]
    note = re.search(r"\s*\([^()]*\)$", text)
    if note:
        return pluralize(text[: note.start()], count) + note.group() + tail
    head = _HEAD.match(text)
    if head:
        return pluralize(head.group(1), count) + head.group(2) + tail
    before, _, last = text.rpartition(" ")
    return (before + " " if before else "") + _last(last) + tail


def _last(word):
    before, hyphen, last = word.rpartition("-")
    return before + hyphen + _word(last)
