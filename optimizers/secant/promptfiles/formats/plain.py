"""Plain text prompts: the whole file is the prompt.

`.jinja2`, `.jinja` and `.j2` are Jinja templates. In `.txt` and `.prompt` files `{{x}}`, `${input:x}`, `${x}` and `{x}`
are placeholders; `{x}` only with a name alone in it, so that JSON and code in a prompt stay what they are.
"""

from __future__ import annotations

from secant.errors import BadRequest
from secant.promptfiles.document import PromptPart, Syntax
from secant.promptfiles.formats.source import FileDocument, Source, placed, plain_slot, trimmed, unified

JINJA_SUFFIXES = (".jinja2", ".jinja", ".j2")
TEXT_SUFFIXES = (".txt", ".prompt", ".text")
_TEXT: tuple[Syntax, ...] = ("mustache", "input", "dollar", "braces")


def open_plain(source: Source) -> FileDocument:
    """The prompt that a text file is. Raises BadRequest where it is empty."""
    is_jinja = source.path.suffix.casefold() in JINJA_SUFFIXES
    core = trimmed(unified(source.text)).core
    if not core.strip():
        what = "the file is empty" if not source.text else "there is no prompt text in it"
        raise BadRequest(what, hint="Write the prompt into it.", where=str(source.path))
    syntax: tuple[Syntax, ...] = ("jinja",) if is_jinja else _TEXT
    part = PromptPart(name="prompt", role="user", text=core, syntax=syntax)
    part = placed(source, part, 0, len(source.text))
    return FileDocument(
        source=source,
        format="Jinja template" if is_jinja else "text prompt",
        slots=(plain_slot(source, part, 0, len(source.text)),),
        again=open_plain,
    )
