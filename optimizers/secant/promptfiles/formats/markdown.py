"""Markdown prompts: the body below an optional YAML front matter is the prompt.

Which placeholders are looked for depends on the kind of file: in Copilot's prompt files `${input:x}`, `${x}` and
`{{x}}`; in a plain Markdown file the same; in instructions, agents and skills none, for they are never templates, and
`${HOME}` in them is shell. Whatever the front matter says stays as it is, byte for byte.
"""

from __future__ import annotations

from typing import Any

from secant.errors import BadRequest
from secant.promptfiles.document import PromptPart, Role, Syntax
from secant.promptfiles.formats.frontmatter import FrontMatter, described, front_matter
from secant.promptfiles.formats.source import FileDocument, Source, placed, plain_slot, trimmed, unified

_TEMPLATE: tuple[Syntax, ...] = ("input", "dollar", "mustache")
_KINDS: tuple[tuple[str, str, tuple[Syntax, ...]], ...] = (
    (".prompt.md", "Copilot prompt file", _TEMPLATE),
    (".instructions.md", "Copilot instructions", ()),
    (".chatmode.md", "Copilot chat mode", ()),
    (".agent.md", "Copilot agent", ()),
    ("agents.md", "agent instructions", ()),
    ("claude.md", "agent instructions", ()),
    ("gemini.md", "agent instructions", ()),
    ("copilot-instructions.md", "Copilot instructions", ()),
    ("skill.md", "agent skill", ()),
)
SUFFIXES = (".md", ".markdown")


def kind_of(filename: str) -> str:
    """In words what kind of Markdown prompt a file of that name is; `Markdown prompt` for any other."""
    return _kind(filename)[0]


def open_markdown(source: Source) -> FileDocument:
    """The prompt in a Markdown file. Raises BadRequest where there is none."""
    kind, syntax = _kind(source.path.name)
    front = front_matter(source)
    whole = unified(source.text[front.body :])
    core = trimmed(whole).core
    if not core.strip():
        where = "below its front matter" if front.body else "in it"
        raise BadRequest(f"there is no prompt text {where}", hint="Write the prompt into it.", where=str(source.path))
    role: Role = "user" if syntax else "system"
    part = placed(source, PromptPart(name="prompt", role=role, text=core, syntax=syntax), front.body, len(source.text))
    return FileDocument(
        source=source,
        format=kind,
        slots=(plain_slot(source, part, front.body, len(source.text)),),
        again=open_markdown,
        description=described(front),
        model=_model(front),
        notices=(front.notice,) if front.notice else (),
        rest=front.written,
    )


def _kind(filename: str) -> tuple[str, tuple[Syntax, ...]]:
    lower = filename.casefold()
    for name, kind, syntax in _KINDS:
        if lower == name or (name.startswith(".") and lower.endswith(name)):
            return kind, syntax
    return "Markdown prompt", _TEMPLATE


def _model(front: FrontMatter) -> str:
    """The model that is named; of a list the first."""
    named: Any = front.values.get("model")
    if isinstance(named, list) and named:
        named = named[0]  # pyright: ignore[reportUnknownVariableType]
    return named if isinstance(named, str) else ""
