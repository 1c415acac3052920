def _without(pieces, start, end):
    """What is left of pieces outside a range."""
    found = []
    for left, right, colour in pieces:
        if right <= start or left >= end:
            found.append((left, right, colour))
            continue
        if left < start:
            found.append((left, start, colour))
        if right > end:
            found.append((end, right, colour))
    return found


def paint(strokes, gap=0):
    if gap < 0:
        raise ValueError("a gap is not negative")
    pieces, locked, posts = [], [], []
    for start, end, colour in strokes:
        start, end = min(start, end), max(start, end)
        if start == end:
            if start not in posts:
                posts.append(start)
            continue
        new = [(start, end, colour)]
        for left, right, _ in locked:
            new = _without(new, left, right)
        if colour is not None and colour.endswith("?"):
            for left, right, _ in pieces:
                new = _without(new, left, right)
            new = [(left, right, colour[:-1]) for left, right, _ in new]
        elif colour is not None and colour.startswith("!"):
            new = [(left, right, colour[1:]) for left, right, _ in new]
            locked += new
        for left, right, _ in new:
            pieces = _without(pieces, left, right)
        if colour is not None:
            pieces += new
    merged = []
    for left, right, colour in sorted(pieces):
        if merged:
            before = merged[-1]
            apart = any(before[1] <= post <= left for post in posts)
            if before[2] == colour and left - before[1] <= gap and not apart:
                merged[-1] = (before[0], right, colour)
                continue
        merged.append((left, right, colour))
    divided = []
    for left, right, colour in merged:
        cuts = [left, *sorted(post for post in posts if left < post < right), right]
        divided += [(one, other, colour) for one, other in zip(cuts, cuts[1:])]
    return divided
