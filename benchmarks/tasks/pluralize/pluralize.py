def pluralize(noun, count=2):
    """The noun as it is said of so many things, for labels on the shelves."""
    if count == 1:
        return noun
    if noun.endswith("y"):
        return noun[:-1] + "ies"
    if noun.endswith("s"):
        return noun + "es"
    return noun + "s"
