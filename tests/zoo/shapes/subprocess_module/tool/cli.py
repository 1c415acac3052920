"""A command that boxes its arguments."""


def render(words, border="|"):
    return f"{border} {' '.join(words)} {border}"


def main(arguments):
    if not arguments:
        return 2
    print(render(arguments))
    return 0
