"""Dotprompt (`.prompt` of Genkit and LiteLLM): front matter, then messages, each behind a mark `{{role "system"}}`.

Text before the first mark is the user's. Placeholders are `{{x}}`; blocks and helpers of Handlebars are programs of
their own, which are not rendered. A `.prompt` file without front matter and without marks is a plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import JsonValue

from secant.errors import BadRequest
from secant.promptfiles.document import Role, Syntax
from secant.promptfiles.formats.frontmatter import described, front_matter
from secant.promptfiles.formats.messages import Message, message_slots
from secant.promptfiles.formats.plain import open_plain
from secant.promptfiles.formats.source import FileDocument, Source

_MARK = re.compile(r"""\{\{\s*role\s+["'](\w+)["']\s*\}\}""")
_HELPER = re.compile(r"\{\{\s*+[A-Za-z]\w*+\s++[^{}\n]*+\}\}")
_ROLES: Mapping[str, Role] = {"system": "system", "user": "user", "model": "assistant", "assistant": "assistant"}
_SYNTAX: tuple[Syntax, ...] = ("mustache",)
_CONFIG = {"maxOutputTokens": "max_tokens", "stopSequences": "stop", "topP": "top_p"}


def open_dotprompt(source: Source) -> FileDocument:
    """The prompt in a `.prompt` file. Raises BadRequest where it has no text, and for what is not rendered."""
    front = front_matter(source)
    if not front.body and not _MARK.search(source.text):
        return open_plain(source)
    messages = list(_messages(source, front.body))
    if not messages:
        raise BadRequest(
            "there is no prompt text below the front matter", hint="Write it there.", where=str(source.path)
        )
    model = front.values.get("model")
    return FileDocument(
        source=source,
        format="Dotprompt",
        slots=message_slots(source, messages, _SYNTAX),
        again=open_dotprompt,
        description=described(front),
        model=model if isinstance(model, str) else "",
        parameters=_parameters(front.values.get("config")),
        defaults=_mapping(_mapping(front.values.get("input")).get("default")),
        notices=(front.notice,) if front.notice else (),
        rest=front.written,
    )


def _messages(source: Source, body: int) -> Iterator[Message]:
    """The messages that have a text."""
    marks = list(_MARK.finditer(source.text, body))
    starts = [body, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(source.text)]
    names = ["user", *(mark[1] for mark in marks)]
    for name, start, end in zip(names, starts, ends, strict=True):
        if not source.text[start:end].strip():
            continue
        where = f"{source.path}:{source.line_at(start)}"
        if name not in _ROLES:
            raise BadRequest(f"there is no role {name!r}: it is system, user or model", where=where)
        helper = _HELPER.search(source.text, start, end)
        if helper is not None:
            raise BadRequest(
                f"helpers of Handlebars are not rendered: {helper[0]}",
                hint="Write the prompt without them, or as a Jinja template.",
                where=f"{source.path}:{source.line_at(helper.start())}",
            )
        yield Message(_ROLES[name], start, end)


def _parameters(config: Any) -> Mapping[str, JsonValue]:
    return {_CONFIG.get(name, name): value for name, value in _mapping(config).items()}


def _mapping(value: Any) -> Mapping[str, JsonValue]:
    return cast("dict[str, JsonValue]", value) if isinstance(value, dict) else {}
