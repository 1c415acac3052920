"""What the server says to the person: a sentence in the editor, the detail in its log.

A user's mistake is a `Refused` (or another SecantError), told in one message; it never is a protocol error.
"""

from __future__ import annotations

import traceback

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from secant.errors import SecantError

_SHORT = 40
"""Characters of a place that leave room for the reason on the first line of a message."""


class Refused(SecantError):  # noqa: N818 - named after what happened
    """What was asked for cannot be done now. Nothing was changed."""


class Notices:
    """The messages and the log of an editor."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server

    def inform(self, message: str) -> None:
        self._show(lsp.MessageType.Info, message)

    def warn(self, message: str) -> None:
        self._show(lsp.MessageType.Warning, message)

    def fail(self, message: str, detail: str = "") -> None:
        """Say what went wrong; the detail only to the log."""
        self._show(lsp.MessageType.Error, message)
        if detail:
            self.log(detail, lsp.MessageType.Error)

    def trouble(self, error: Exception) -> None:
        """Say why something was not done, and what to do next; of a fault of our own, that it is one."""
        if isinstance(error, (SecantError, OSError)):
            self.fail(told(error))
            return
        self.fail(
            f"Secant: a fault in the language server ({type(error).__name__}). Its log has the details to report.",
            "".join(traceback.format_exception(error)),
        )

    def log(self, text: str, kind: lsp.MessageType = lsp.MessageType.Info) -> None:
        self._server.window_log_message(lsp.LogMessageParams(type=kind, message=text))

    def _show(self, kind: lsp.MessageType, message: str) -> None:
        self._server.window_show_message(lsp.ShowMessageParams(type=kind, message=message))
        self.log(message, kind)


def told(error: SecantError | OSError) -> str:
    """What happened, where, and what to do next, in one line of a message."""
    if isinstance(error, SecantError):
        return " ".join(part for part in (_sentence(_located(error)), error.hint) if part)
    where = f"{error.filename}: " if error.filename else ""
    return _sentence(f"{where}{error.strerror or error}")


def _located(error: SecantError) -> str:
    """A long place comes after the reason: an editor shows the beginning of a message."""
    if not error.where:
        return error.message
    return f"{error.where}: {error.message}" if len(error.where) <= _SHORT else f"{error.message} ({error.where})"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
