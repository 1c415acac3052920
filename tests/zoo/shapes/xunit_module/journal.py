"""A journal of lines."""


def append(lines, text, stamp=0):
    text = text.strip()
    if not text:
        return len(lines)
    lines.append((stamp, text))
    return len(lines)
