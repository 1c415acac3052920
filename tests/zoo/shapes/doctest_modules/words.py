"""Words.

>>> initials("Ada Lovelace")
'AL'
"""


def initials(name, dots=False):
    """First letters.

    >>> initials("grace hopper", dots=True)
    'G.H.'
    >>> initials("")
    ''
    """
    letters = [word[0].upper() for word in name.split()]
    return "".join(letter + "." for letter in letters) if dots else "".join(letters)


def badge(name):
    """A badge.

    >>> print(badge("Ada Lovelace"))
    [AL]   Ada Lovelace
    """
    return f"[{initials(name)}] {name}"
