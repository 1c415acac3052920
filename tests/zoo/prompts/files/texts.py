"""Prompts of an application."""

import textwrap

SYSTEM = "You are \"kind\" and say \u00e9."  # one line
QUESTION: str = """\
Answer the question, as {{"answer": 1}}.

{question!r}
"""


class Prompts:
    STEPS = (
        "Read the text.\n"  # first
        'Answer {question}.\n'
        "Be brief."
    )
    PATTERN = r"""Use \d+ for numbers.
In {text}"""


SHAPED = """
    indented
    """.strip()
MADE = f"Made by {textwrap}"
ADDED = "a" + "b"
DATA = b"bytes"
