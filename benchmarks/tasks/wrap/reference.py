import re


def _segments(word):
    """(text, text where the line breaks behind it) for each part of a word."""
    found = []
    for piece in re.findall(r"[^~]+~?", word):
        soft = piece.endswith("~")
        parts = re.findall(r".+?[^-]-(?=[^-])|.+", piece.rstrip("~"))
        found += [[part, part] for part in parts]
        if soft and found:
            found[-1][1] += "-"
    return [(text.replace("_", " "), broken.replace("_", " ")) for text, broken in found]


def _fill(text, width, hanging):
    lines, line = [], ""
    for gap, word in re.findall(r"(\s*)(\S+)", text):
        segments = _segments(word)
        space = "  " if line.endswith((".", "!", "?")) and len(gap) > 1 and "\n" not in gap else " "
        while segments:
            indent = hanging if lines else ""
            start = line + space if line else indent
            whole = start + "".join(text for text, _ in segments)
            if len(whole) <= width:
                line, segments = whole, []
                continue
            for count in range(len(segments) - 1, 0, -1):
                part = start + "".join(t for t, _ in segments[: count - 1]) + segments[count - 1][1]
                if len(part) <= width:
                    lines.append(part)
                    line, segments = "", segments[count:]
                    break
            else:
                if line:
                    lines.append(line)
                    line = ""
                    continue
                room = width - len(indent) - 1
                first, rest = segments[0][0], segments[0][1]
                lines.append(indent + first[:room] + "-")
                segments = [(first[room:], rest[room:]), *segments[1:]]
    return [*lines, line] if line else lines


def wrap(text, width):
    if width < 4:
        raise ValueError("too narrow")
    lines, block = [], []

    def flush():
        if block:
            hanging = "  " if block[0].startswith("- ") else ""
            lines.extend(_fill("\n".join(block), width, hanging))
            block.clear()

    for line in text.split("\n"):
        if not line.strip():
            flush()
            if lines and lines[-1]:
                lines.append("")
        elif line.startswith("    "):
            flush()
            lines.append(line.rstrip())
        else:
            if line.startswith("- "):
                flush()
            block.append(line)
    flush()
    while lines and not lines[-1]:
        lines.pop()
    return lines
