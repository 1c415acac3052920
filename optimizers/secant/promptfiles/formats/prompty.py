"""Prompty files: a front matter of either version, and messages under role lines such as `system:`.

The template is Jinja unless the front matter says Mustache (`template: mustache`, `template: {format: mustache}` or
`{format: {kind: mustache}}`). A line is a role line as Prompty's own chat parser has it: `# system:` and
`user[name="x"]:` too. Text before the first is the system message. Sample values are examples of the inputs; they are
a case only where one of them is called `expected` (or `ground_truth`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from pydantic import JsonValue

from secant.errors import BadRequest
from secant.promptfiles.document import Role, Syntax
from secant.promptfiles.evaldata.rows import EvalData, Row
from secant.promptfiles.formats.frontmatter import FrontMatter, described, front_matter
from secant.promptfiles.formats.messages import Message, message_slots
from secant.promptfiles.formats.source import FileDocument, Source, unified

_ROLE_LINE = re.compile(
    r"(?:\A|(?<=[\r\n]))[ \t]*\#?[ \t]*(assistant|developer|function|system|tools?|user)(?:\[[^\]\r\n]*\])?"
    r"[ \t]*:[ \t]*(?:\r\n?|\n|\Z)",
    re.IGNORECASE,
)
_ROLES: Mapping[str, Role] = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
_UNSENT = ("tools", "response_format", "tool_choice")
_EXPECTED = ("expected", "ground_truth", "expected_output")


def open_prompty(source: Source) -> FileDocument:
    """The prompt in a `.prompty` file. Raises BadRequest where it has no text."""
    front = front_matter(source)
    notices = [front.notice] if front.notice else []
    sections = _sections(source, front.body, notices)
    if not any(section.text(source) for section in sections):
        raise BadRequest(
            "there is no prompt text below the front matter",
            hint="Write it under role lines: system: and user:",
            where=str(source.path),
        )
    syntax = _syntax(front, notices, source)
    return FileDocument(
        source=source,
        format="Prompty",
        slots=message_slots(source, sections, (syntax,)),
        again=open_prompty,
        description=described(front),
        model=_model(front),
        parameters=_parameters(front, notices, source),
        defaults=_defaults(front),
        data=_data(source, front, notices),
        notices=tuple(notices),
        rest=front.written,
    )


def _sections(source: Source, body: int, notices: list[str]) -> list[Message]:
    """The messages of the body. Those of tools and functions are no text of the prompt."""
    marks = list(_ROLE_LINE.finditer(source.text, body))
    found: list[Message] = []
    first_end = marks[0].start() if marks else len(source.text)
    if source.text[body:first_end].strip():
        found.append(Message("system", body, first_end))
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(source.text)
        role = _ROLES.get(mark[1].lower())
        if role is None:
            line = source.line_at(mark.start())
            notices.append(f"{source.path}:{line}: a message of the role {mark[1]} is left aside")
        else:
            found.append(Message(role, mark.end(), end))
    return found


def _syntax(front: FrontMatter, notices: list[str], source: Source) -> Syntax:
    template: Any = front.values.get("template")
    for key in ("format", "kind", "type"):
        while isinstance(template, dict) and key in template:
            template = cast("dict[str, Any]", template)[key]
    if template is None or isinstance(template, dict) or template in ("jinja2", "jinja", "nunjucks"):
        return "jinja"
    if template in ("mustache", "handlebars"):
        return "mustache"
    notices.append(f"{source.path}: the template format {template!r} is not known; it is read as Jinja")
    return "jinja"


def _model(front: FrontMatter) -> str:
    """The model's name: version 2 has it as `model: id` or `model.id`, version 1 in `model.configuration`."""
    model: Any = front.values.get("model")
    if isinstance(model, str):
        return model
    known = _mapping(model)
    configuration = _mapping(known.get("configuration"))
    named = [known.get("id"), *(configuration.get(key) for key in ("name", "model", "azure_deployment"))]
    return next((name for name in named if isinstance(name, str) and not name.startswith("${")), "")


def _parameters(front: FrontMatter, notices: list[str], source: Source) -> Mapping[str, JsonValue]:
    """`model.parameters` in version 1, `model.options` in version 2."""
    model = _mapping(front.values.get("model"))
    found = _mapping(model.get("parameters")) or _mapping(model.get("options"))
    for name in _UNSENT:
        if name in found or name in front.values:
            line = _line_of(source, front, name)
            notices.append(f"{source.path}:{line}: `{name}` is not sent with the requests; it is left out")
    return found


def _defaults(front: FrontMatter) -> Mapping[str, JsonValue]:
    """Of inputs: a mapping of names in version 1, a list of them in version 2. Mere samples are none."""
    inputs: Any = front.values.get("inputs") or _mapping(front.values.get("inputSchema")).get("properties")
    named = list(_mapping(inputs).items())
    if isinstance(inputs, list):
        named = [(_mapping(each).get("name"), each) for each in cast("list[Any]", inputs)]
    return {str(name): _mapping(each)["default"] for name, each in named if "default" in _mapping(each)}


def _data(source: Source, front: FrontMatter, notices: list[str]) -> EvalData | None:
    """The sample as a case, where it says what is expected."""
    sample = front.values.get("sample")
    if isinstance(sample, str):
        notices.append(f"{source.path}: the sample in {sample} is left aside; name it as data if it has cases")
        return None
    samples = cast("list[Any]", sample) if isinstance(sample, list) else [sample]
    rows: list[Row] = []
    for number, each in enumerate(samples, 1):
        fields = dict(_mapping(each))
        name = next((name for name in _EXPECTED if name in fields), None)
        if name is not None:
            expected = fields.pop(name)
            line = _line_of(source, front, "sample")
            rows.append(Row(id=str(number), path=str(source.path), line=line, fields=fields, expected=expected))
    if not rows:
        return None
    return EvalData(paths=(str(source.path),), rows=tuple(rows), digest=source.digest)


def _line_of(source: Source, front: FrontMatter, key: str) -> int:
    """The line of a key of the front matter."""
    match = re.search(rf"^[ \t]*{key}[ \t]*:", unified(source.text[: front.body]), re.MULTILINE)
    return 1 + unified(source.text[: front.body])[: match.start()].count("\n") if match else 1


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
