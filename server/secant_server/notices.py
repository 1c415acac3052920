"""What the server says to the person: a sentence in the editor, the detail in its log, a question with buttons.

A user's mistake is a `Refused` (or another SecantError), told in one message; it never is a protocol error. Where the
editor has gone, nothing is said.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Sequence

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from secant.errors import SecantError


class Refused(SecantError):  # noqa: N818 - named after what happened
    """What was asked for cannot be done now. Nothing was changed."""


class Notices:
    """The editor's messages and its log."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server

    def inform(self, message: str) -> None:
        self._show(lsp.MessageType.Info, message)

    def warn(self, message: str) -> None:
        self._show(lsp.MessageType.Warning, message)

    def refuse(self, error: SecantError | OSError) -> None:
        """Say why something was not done, and what to do next."""
        self.fail(told(error))

    def fail(self, message: str, detail: str = "") -> None:
        """Say what went wrong; the detail only to the log."""
        self._show(lsp.MessageType.Error, message)
        if detail:
            self.log(detail, lsp.MessageType.Error)

    def bug(self, error: BaseException) -> None:
        """A fault of the server's own."""
        self.fail(
            f"Secant: something went wrong in the language server ({type(error).__name__}). Its log says more.",
            "".join(traceback.format_exception(error)),
        )

    def log(self, text: str, kind: lsp.MessageType = lsp.MessageType.Info) -> None:
        self._server.window_log_message(lsp.LogMessageParams(type=kind, message=text))

    async def ask(self, question: str, answers: Sequence[str]) -> str | None:
        """The button that was pressed; None where the question was closed, or the editor cannot ask."""
        params = lsp.ShowMessageRequestParams(
            type=lsp.MessageType.Info,
            message=question,
            actions=[lsp.MessageActionItem(title=answer) for answer in answers],
        )
        self.log(question)
        try:
            # Shielded: an answer to a request that was cancelled here would be an error in pygls.
            item = await asyncio.shield(self._server.window_show_message_request_async(params))
        except JsonRpcException:
            return None
        return item.title if item is not None else None

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
    return f"{error.where}: {error.message}" if error.where else error.message


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
