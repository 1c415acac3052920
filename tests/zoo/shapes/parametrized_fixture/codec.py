"""Run-length coding."""


def encode(text, binary=False):
    runs = []
    for letter in text:
        if runs and runs[-1][0] == letter:
            runs[-1][1] += 1
        else:
            runs.append([letter, 1])
    coded = "".join(f"{count}{letter}" for letter, count in runs)
    return coded.encode() if binary else coded
