"""Finds the format of a prompt file by its name and its content, and opens it.

The formats themselves are in `formats/`, one file each, loaded when one of theirs is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from secant.errors import BadRequest
from secant.promptfiles.formats import markdown, plain
from secant.promptfiles.formats.promptfoo_beside import open_beside
from secant.promptfiles.formats.source import FileDocument, Source, read_source, without_names
from secant.promptfiles.formats.standing import Standing

_HELP = (
    "Prompt files are .prompt.md, .instructions.md, AGENTS.md, SKILL.md and other Markdown, .prompty, .prompt.yml, "
    "promptfoo configs, .prompt, .txt, .jinja2, .j2, and a string constant in a Python file: file.py::NAME."
)

_SUFFIXES = {
    **dict.fromkeys(markdown.SUFFIXES, "markdown"),
    **dict.fromkeys((*plain.JINJA_SUFFIXES, *plain.TEXT_SUFFIXES), "plain"),
    **dict.fromkeys((".yml", ".yaml", ".json"), "yaml"),
    ".prompt": "dotprompt",
    ".prompty": "prompty",
    ".py": "python",
}
TEMPLATES = tuple(suffix for suffix, kind in _SUFFIXES.items() if kind in ("markdown", "plain"))
"""Any text may be in such a file. With cases beside it, it is a prompt."""
CHATS = tuple(suffix for suffix, kind in _SUFFIXES.items() if kind == "yaml")
"""Most such files are no prompts. A config may name one."""
_NAMED_BY_CONFIGS = ("markdown", "plain", "yaml")


def open_prompt(
    path: Path, name: str = "", *, unsaved: str | None = None, buffers: Mapping[str, str] | None = None
) -> FileDocument:
    """The prompt in a file, or in the text that an editor holds for it; `name` where the file has several.

    `buffers` has what an editor holds for other files, by their real paths: a config names its cases and its prompts.
    A file that a promptfoo config near it names is opened with that one's cases.

    Raises UnreadableFile with near names or the place, and BadRequest for a file that holds no such prompt.
    """
    kind = _kind(path)
    number = int(name) if kind == "plain" and name.isdecimal() else 0
    if kind in _NAMED_BY_CONFIGS and (number or not name) and path.is_file():
        beside = open_beside(read_source(path, unsaved=unsaved, buffers=buffers), number)
        if beside is not None:
            return beside
    return _alone(path, name, unsaved=unsaved, buffers=buffers)


def _alone(path: Path, name: str, *, unsaved: str | None, buffers: Mapping[str, str] | None = None) -> FileDocument:
    """The prompt as its file alone has it."""
    kind = _kind(path)
    if kind is None:
        if not path.exists():
            read_source(path)
        what = (
            "this is a folder" if path.is_dir() else f"files ending in {path.suffix or path.name} are no prompt files"
        )
        raise BadRequest(what, hint=_HELP, where=str(path))
    if kind == "python":
        from secant.promptfiles.formats.python_constant import open_constant  # noqa: PLC0415  loads ast and tokenize

        return open_constant(path, name, unsaved=unsaved)
    source = read_source(path, unsaved=unsaved, buffers=buffers)
    if not source.text.strip():
        raise BadRequest("the file is empty", hint="Write the prompt into it.", where=str(path))
    if name and kind in ("markdown", "plain", "dotprompt", "prompty") and not (kind == "plain" and name.isdecimal()):
        raise without_names(source, name)
    return _opened(kind, source, name)


def prompt_names(path: Path, *, unsaved: str | None = None) -> tuple[str, ...]:
    """What `open_prompt` takes as names in this file; one empty name where the file has one prompt without any.

    Raises what `open_prompt` raises.
    """
    kind = _kind(path)
    if kind == "python":
        from secant.promptfiles.formats.python_constant import constant_names  # noqa: PLC0415  see above

        return constant_names(path, unsaved=unsaved)
    if kind in ("promptfoo", "yaml"):
        from secant.promptfiles.formats.config import config_names  # noqa: PLC0415  see above

        return config_names(read_source(path, unsaved=unsaved), expected=kind)
    return ("",)


def prompts_standing(path: Path, *, unsaved: str | None = None) -> Standing:
    """The prompts of a file as they stand there: of a config no file that it names is opened, be it a prompt or data,
    but to see how many prompts there are in a text file.

    Raises what `open_prompt` raises.
    """
    kind = _kind(path)
    if kind in ("promptfoo", "yaml"):
        from secant.promptfiles.formats.config import config_standing  # noqa: PLC0415  see above

        return config_standing(read_source(path, unsaved=unsaved), expected=kind)
    document = _alone(path, "", unsaved=unsaved)
    return Standing((document,), document.data is not None)


def is_prompt_file(path: Path) -> bool:
    """Whether a file of this name is meant to be a prompt, judged by the name alone: for an editor that offers to
    refine it. Plain Markdown and text files can be opened too, but most of them are none.
    """
    kind = _kind(path)
    if kind == "markdown":
        return markdown.kind_of(path.name) != "Markdown prompt"
    return kind in ("dotprompt", "prompty", "github", "promptfoo")


def _kind(path: Path) -> str | None:
    lower = path.name.casefold()
    if lower.endswith((".prompt.yml", ".prompt.yaml")):
        return "github"
    if lower.startswith("promptfooconfig.") and path.suffix.casefold() in (".yml", ".yaml", ".json"):
        return "promptfoo"
    return _SUFFIXES.get(path.suffix.casefold())


def _opened(kind: str, source: Source, name: str) -> FileDocument:
    match kind:
        case "markdown":
            return markdown.open_markdown(source)
        case "plain":
            return plain.open_plain(source, int(name or 0))
        case "dotprompt":
            from secant.promptfiles.formats.dotprompt import open_dotprompt  # noqa: PLC0415  see above

            return open_dotprompt(source)
        case "prompty":
            from secant.promptfiles.formats.prompty import open_prompty  # noqa: PLC0415  see above

            return open_prompty(source)
        case _:
            from secant.promptfiles.formats.config import open_config  # noqa: PLC0415  see above

            return open_config(source, name, expected=kind)
