"""A window with a prompt file, CRLF and front matter, and its cases beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lsprotocol import types as lsp

from secant.events import Score
from tests.server.conftest import Window
from tests.server.puppet import Puppet

HEAD = "---\r\ndescription: 'Sort  a ticket'   # kept\r\nmode: ask\r\n---\r\n"
BODY = "Sort this ticket.\r\n\r\nTicket: ${input:ticket}\r\nAnswer with one word.\r\n"
BETTER = "Sort this ticket into billing, login or other.\n\nTicket: ${input:ticket}\nAnswer with that one word.\n"
LINE = HEAD.count("\n")
ROWS = [("I was charged twice", "billing"), ("I cannot sign in", "login"), ("Hello?", "other"), ("Refund?", "billing")]
MODEL = {"model": "openai/small-model"}
GAIN = Score(metric="exact", n=4, before=0.5, after=0.75, verdict="+25 points", fixed=("2",), claimed=False)
NAME = "sort.prompt.md"
_TRIGGERS = (lsp.CodeActionTriggerKind.Automatic, lsp.CodeActionTriggerKind.Invoked)


def data(rows: Sequence[tuple[str, str]] = ROWS) -> str:
    return "".join(json.dumps({"input": {"ticket": ticket}, "expected": label}) + "\n" for ticket, label in rows)


class Sheet:
    """A window with a prompt and its cases."""

    def __init__(self, window: Window, raw: bytes = (HEAD + BODY).encode(), name: str = NAME) -> None:
        self.window, self.editor, self.engines = window, window.editor, window.engines
        self.path = window.root / name
        self.path.write_bytes(raw)
        self.rows = window.root / "sort.eval.jsonl"
        self.rows.write_text(data())
        self.uri = self.editor.open_text(self.path.as_uri(), raw.decode("utf-8-sig"))

    @property
    def text(self) -> str:
        return self.editor.buffers[self.uri].text

    async def actions(self, line: int, *only: str) -> list[lsp.CodeAction]:
        """As the server gives them."""
        at = lsp.Position(line=line, character=0)
        params = lsp.CodeActionParams(
            text_document=lsp.TextDocumentIdentifier(uri=self.uri),
            range=lsp.Range(start=at, end=at),
            context=lsp.CodeActionContext(diagnostics=[], only=list(only) or None, trigger_kind=_TRIGGERS[bool(only)]),
        )
        return await self.editor.server.life.session.actions(params)

    async def scored(self, *failing: str) -> str:
        """Score it to the end; the run."""
        run = await self.editor.score(self.uri)
        engine = await self.engines.next()
        engine.begin()
        engine.scored(*failing)
        await self.editor.ended(run)
        return engine.run

    async def sought_in_vain(self, n: int) -> None:
        """Refine to an end without any better version, which was sought on the first so many cases."""
        run = await self.editor.refine(self.uri)
        engine = await self.engines.next()
        engine.begin()
        engine.unimproved(n)
        await self.editor.ended(run)

    async def refined(self, source: str = BETTER, score: Score = GAIN) -> str:
        """Refine to the end; the proposal."""
        run = await self.editor.refine(self.uri)
        engine = await self.engines.next()
        self.finish(engine, source, score)
        await self.editor.ended(run)
        return engine.run

    def finish(self, engine: Puppet, source: str, score: Score = GAIN) -> None:
        """Have an engine end with other lines of the prompt."""
        engine.begin()
        engine.judged("2", "3")
        engine.rewritten(source, score, "3")
