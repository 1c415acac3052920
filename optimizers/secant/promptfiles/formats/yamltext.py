"""YAML as text: loaded with the place of what is wrong with it."""

from __future__ import annotations

from typing import Any

import yaml

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlFault(Exception):  # noqa: N818  caught by whoever knows the file
    """What is wrong, and in which line of the text, from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def load(text: str) -> Any:
    """What a YAML text says. Raises YamlFault."""
    try:
        return yaml.load(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlFault(
            str(error.problem or error.context or "it cannot be read"), mark.line + 1 if mark else 1
        ) from error
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise YamlFault(f"it has the character U+{ord(str(error.character)[:1] or chr(0)):04X}", line) from error
    except (ValueError, RecursionError) as error:
        raise YamlFault(str(error) or type(error).__name__, 1) from error
