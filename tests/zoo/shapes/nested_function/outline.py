"""Numbers the headings of a document."""


def outline(headings, separator="."):
    """[(level, title)] -> ['1 Title', '1.1 Title', ...]."""
    counters = []

    def number(level):
        while len(counters) < level:
            counters.append(0)
        del counters[level:]
        counters[level - 1] += 1
        return separator.join(str(count) for count in counters)

    return [f"{number(level)} {title}" for level, title in headings]
