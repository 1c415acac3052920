"""Regular expressions that a user gives: read here, looked for in processes of their own.

Some take for ever on some texts (`(a+)+$`), and nothing in a process can end its own search: another process can.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from secant.errors import BadRequest

_MATCHER = Path(__file__).with_name("matcher.py")
_SLACK_SECONDS = 30.0
"""For the process to start and to answer, beyond what its search may take."""


class Match(NamedTuple):
    """What was found, or why the search was given up."""

    text: str | None = None
    trouble: str = ""


def require_expression(expression: str, *, option: str, hint: str) -> None:
    """Raises BadRequest for what is no regular expression."""
    try:
        re.compile(expression, re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadRequest(
            f"this is no regular expression: {error}", hint=hint, where=f"{option} {expression}"
        ) from error


def last_match(expression: str, text: str, seconds: float) -> Match:
    """The last match of a valid expression (its first group where it has one), if it is found within `seconds`."""
    request = json.dumps({"expression": expression, "text": text, "seconds": seconds})
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_MATCHER)],
            input=request.encode("ascii"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds + _SLACK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Match(trouble=given_up(expression, seconds))
    if done.returncode == -signal.SIGALRM:
        return Match(trouble=given_up(expression, seconds))
    if done.returncode:
        return Match(trouble=f"looking for {expression} in it failed (exit status {done.returncode})")
    return Match(json.loads(done.stdout))


def given_up(expression: str, seconds: float) -> str:
    """What is said of a search that took too long."""
    return f"looking for {expression} in it took longer than {seconds:g} s and was given up"
