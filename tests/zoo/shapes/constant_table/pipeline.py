"""Cleans text in steps."""


def strip_tags(text):
    kept, inside = [], False
    for letter in text:
        if letter == "<":
            inside = True
        elif letter == ">":
            inside = False
        elif not inside:
            kept.append(letter)
    return "".join(kept)


def squeeze(text):
    return " ".join(text.split())


STEPS = (strip_tags, squeeze)
BY_NAME = {"tags": strip_tags, "spaces": squeeze}


def clean(text):
    for step in STEPS:
        text = step(text)
    return text
