"""YAML and JSON files by their content: `prompts` make a promptfoo config, `messages` a GitHub Models prompt."""

from __future__ import annotations

import yaml

from secant.promptfiles.formats.chat import open_chat
from secant.promptfiles.formats.github_models import open_github
from secant.promptfiles.formats.promptfoo import open_promptfoo, prompt_names, standing
from secant.promptfiles.formats.source import FileDocument, Source, without_names
from secant.promptfiles.formats.standing import Standing
from secant.promptfiles.formats.yamlconfig import no_prompt, parsed
from secant.promptfiles.formats.yamltext import member


def config_names(source: Source, *, expected: str) -> tuple[str, ...]:
    """The names of the prompts in such a file; one empty name where it has one prompt without any."""
    if expected == "promptfoo" or member(parsed(source), "prompts") is not None:
        names = prompt_names(source)
        return names if len(names) > 1 else ("",)
    return ("",)


def config_standing(source: Source, *, expected: str) -> Standing:
    """The prompts in such a file as they stand there. Raises BadRequest with the line."""
    if expected == "promptfoo" or (expected != "github" and member(parsed(source), "prompts") is not None):
        return standing(source)
    document = open_config(source, "", expected=expected)
    return Standing((document,), document.data is not None)


def open_config(source: Source, name: str, *, expected: str) -> FileDocument:
    """The prompt in such a file; `expected` is the format that its name promises. Raises BadRequest with the line."""
    root = parsed(source)
    if expected == "promptfoo" or (expected != "github" and member(root, "prompts") is not None):
        return open_promptfoo(source, name)
    if name:
        raise without_names(source, name)
    if expected == "github" or member(root, "messages") is not None:
        return open_github(source)
    if isinstance(root, yaml.SequenceNode):
        return open_chat(source)
    raise no_prompt(
        source,
        "it has neither `prompts` nor `messages`",
        "A promptfoo config has prompts and tests, a GitHub Models prompt has messages.",
    )
