"""Wraps text for dialogs."""


def wrap(text, width=10):
    """Lines of at most width characters."""
    template = """<
>"""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + bool(lines[-1]) > width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return template.replace("\n", "\n".join(lines))


AFTER = "unchanged"
