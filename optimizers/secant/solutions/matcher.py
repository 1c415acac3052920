"""The process that looks for one regular expression in one text: `python matcher.py`, asked by `matching`.

Standard library only. It asks the system to end it when its time is up, because a search cannot be interrupted from
within Python; so it outlives nobody who waits for it either.
"""

from __future__ import annotations

import json
import re
import signal
import sys


def last_match(pattern: re.Pattern[str], text: str) -> str | None:
    """The last match, its first group where the pattern has one; None where nothing matches."""
    last = None
    for last in pattern.finditer(text):  # noqa: B007 - only the last one counts
        pass
    return None if last is None else last[1] if pattern.groups else last[0]


def main() -> None:
    """One request on standard input, its answer on standard output."""
    asked = json.load(sys.stdin)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, asked["seconds"])
    json.dump(last_match(re.compile(asked["expression"], re.MULTILINE), asked["text"]), sys.stdout)


if __name__ == "__main__":
    main()
