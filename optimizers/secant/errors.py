"""Errors as part of the product: what happened, where, and what to do next.

Every error that a person may see derives from SecantError. The faces (CLI, engine, server) print `str(error)` and leave
with `exit_code`; nobody parses the text. This file imports nothing, so that every room may use it. A class is named
after what happened (`FileChanged`), not after being an error.
"""

from __future__ import annotations

from typing import ClassVar


class SecantError(Exception):
    """Something went wrong that a person can act on.

    `message` says what happened, `hint` what to do next, `where` the place (`path`, `path:line`, a command).
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "", where: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        first = f"{self.where}: {self.message}" if self.where else self.message
        return f"{first}\n{self.hint}" if self.hint else first


class BadRequest(SecantError):  # noqa: N818
    """What was asked for cannot be done as asked; nothing was started."""

    exit_code: ClassVar[int] = 2


class UnreadableFile(BadRequest):
    """A file is missing, is a folder, may not be read, or is not text in the encoding that it declares."""


class SourceSyntaxError(BadRequest):
    """A file is not valid Python."""


class TargetNotFound(BadRequest):
    """The file has no such function, or no function at that line."""


class NotOptimizable(BadRequest):
    """The target exists, but is nothing that can be optimized: a class, a stub, an overload, a lambda."""


class ConfigError(BadRequest):
    """The project's configuration cannot be read or says something unknown."""


class InterpreterError(BadRequest):
    """No Python interpreter that could run the project's tests."""


class NoTestsFound(BadRequest):
    """No test reaches the function."""


class CollectionError(BadRequest):
    """pytest cannot collect the tests."""


class FileChanged(SecantError):  # noqa: N818
    """The file is not what was measured any more; nothing was written."""


class WriteRefused(SecantError):  # noqa: N818
    """The file was not written: it is read-only, or the result would not be right. Nothing was changed."""
