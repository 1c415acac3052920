"""The process that holds texts against patterns and schemas: `python bounded_process.py`, asked by `bounded`.

Nothing in a process can end its own search (`(a+)+$`), and a schema may have such a pattern in it; so it asks the
system to end the process when the time for one text is up. It executes nothing of anybody's.
"""

from __future__ import annotations

import json
import re
import signal
import sys
from importlib import import_module
from typing import Any


def main() -> None:
    """One line with what is looked for, then one for each text; one line out for each text, as soon as it is known."""
    conditions = [_Condition(each) for each in json.loads(sys.stdin.readline())["conditions"]]
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for line in sys.stdin:
        asked = json.loads(line)
        number: int = asked["condition"]
        try:
            conditions[number].prepare()
            signal.setitimer(signal.ITIMER_REAL, asked["seconds"])
            told = conditions[number].told(asked["text"])
        except Exception as error:  # noqa: BLE001 because a text of any shape must not end the others' turn
            told = {"fault": f"{type(error).__name__}: {error}"[:300]}
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


class _Condition:
    """A pattern or a schema, made ready when it is first needed."""

    def __init__(self, asked: Any) -> None:
        self._asked = asked
        self._ready: Any = None

    def prepare(self) -> None:
        """Outside of the time for a text: this may import."""
        if self._ready is None:
            search = "pattern" in self._asked
            self._ready = (
                re.compile(self._asked["pattern"], re.MULTILINE) if search else validator(self._asked["schema"])
            )

    def told(self, text: str) -> dict[str, Any]:
        if "pattern" in self._asked:
            return self._searched(text)
        return self._validated(json.loads(text))

    def _searched(self, text: str) -> dict[str, Any]:
        """The last match: its first group where the pattern has one."""
        last = None
        for last in self._ready.finditer(text):  # noqa: B007 only the last one counts
            if not self._asked["last"]:
                break
        if last is None:
            return {"found": False}
        return {"found": True, "text": last[1] if self._ready.groups else last[0]}

    def _validated(self, value: Any) -> dict[str, Any]:
        """What is wrong with a value, the most telling error first."""
        best_match: Any = import_module("jsonschema.exceptions").best_match  # patterns do not need it
        error = best_match(self._ready.iter_errors(value))
        if error is None:
            return {"found": True}
        return {"found": False, "place": error.json_path, "why": error.message[:300]}


def validator(schema: Any) -> Any:
    """A validator of the schema's own draft that fetches nothing. Raises jsonschema's SchemaError for what is none."""
    validators: Any = import_module("jsonschema.validators")
    chosen = validators.validator_for(schema, default=validators.Draft202012Validator)
    chosen.check_schema(schema)
    return chosen(schema, registry=import_module("referencing").Registry())


if __name__ == "__main__":
    main()
