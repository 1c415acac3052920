"""The names of prompt files in VS Code: the lists of the extension know what the engine's formats are called."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from secant.promptfiles import opening
from secant.promptfiles.formats import markdown
from secant.promptfiles.opening import TEMPLATES, is_prompt_file

EXTENSION = Path(__file__).parents[2] / "extension"
MANIFEST = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
DOCUMENTS = (EXTENSION / "src" / "documents.ts").read_text(encoding="utf-8")
_MANY = {".md", ".markdown", ".txt", ".text"}
"""What is in most of these files is no prompt: they are offered nothing by their name alone."""


def names() -> Iterator[str]:
    """A name of every kind that is a prompt by its name."""
    own = [name for name, _, _ in markdown._KINDS]
    github = [".prompt.yml", ".prompt.yaml"]
    configs = [f"promptfooconfig.{suffix}" for suffix in ("yaml", "yml", "json")]
    for name in (*own, *opening._SUFFIXES, *github, *configs):
        named = f"support{name}" if name.startswith(".") else name
        if is_prompt_file(Path(named)):
            yield named


def globs(text: str) -> Iterator[str]:
    """What `**/` patterns match, without braces."""
    for pattern in re.findall(r"\*\*/([^'\"]+)", text):
        pieces = re.split(r"\{([^}]*)\}", pattern)
        yield from map("".join, itertools.product(*([p] if i % 2 == 0 else p.split(",") for i, p in enumerate(pieces))))


def test_documents_of_every_format_are_synchronized() -> None:
    known = [*globs(DOCUMENTS), "*.md", "*.markdown"]  # the language of these is always markdown or more than that
    wanted = [*names(), *(f"support{suffix}" for suffix in TEMPLATES), "support.prompt"]
    assert [name for name in wanted if not any(fnmatch(name.casefold(), each.casefold()) for each in known)] == []


def test_a_folder_of_prompts_wakes_the_extension() -> None:
    """A file of a language that wakes it may be left out."""
    known = [*globs("".join(f"'{each}'" for each in MANIFEST["activationEvents"])), "*.md"]
    assert [name for name in names() if not any(fnmatch(name.casefold(), each) for each in known)] == []


def test_menus_know_prompt_files_by_their_names() -> None:
    menus = MANIFEST["contributes"]["menus"]
    clauses = [each["when"] for menu in ("commandPalette", "editor/context") for each in menus[menu]]
    forms = {found for clause in clauses for found in re.findall(r"resourceFilename =~ /(.*)/i", clause)}
    (form,) = forms  # the same in all of them
    templates = [f"support{suffix}" for suffix in TEMPLATES if suffix not in _MANY]
    assert [name for name in (*names(), *templates) if not re.search(form, name, re.IGNORECASE)] == []
    assert [suffix for suffix in _MANY if re.search(form, f"support{suffix}", re.IGNORECASE)] == []
