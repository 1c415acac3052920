"""GitHub Models prompts: `.prompt.yml` with messages, and with `testData` and `evaluators` of its own.

Placeholders are `{{x}}`. The string evaluators compare as `gh models eval` does: `equals` exactly, the others without
regard to case. The built-in evaluators (`uses: github/...`) are models with prompts of their own; they are left aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import yaml

from secant.promptfiles.document import PromptPart, Role
from secant.promptfiles.evaldata.rows import CheckSpec, EvalData, Row
from secant.promptfiles.formats.source import FileDocument, Source
from secant.promptfiles.formats.yamlconfig import (
    bad_node,
    line_of,
    named_by_role,
    no_prompt,
    parsed,
    read_mapping,
    read_value,
    shared_notices,
    text_of,
)
from secant.promptfiles.formats.yamlscalar import scalar_slot
from secant.promptfiles.formats.yamltext import items, meaning, member

_STRING = {"equals": "exact", "contains": "icontains", "startsWith": "starts-with", "endsWith": "ends-with"}
_UNSENT = ("responseFormat", "jsonSchema", "tools")
_MESSAGES = "messages:\n  - role: user\n    content: ..."


def open_github(source: Source) -> FileDocument:
    """The prompt in a `.prompt.yml`. Raises BadRequest with the line."""
    root = parsed(source)
    messages = items(member(root, "messages"))
    if not messages:
        raise no_prompt(source, "it has no messages", _MESSAGES)
    roles: list[Role] = []
    contents: list[yaml.ScalarNode] = []
    for message in messages:
        role, content = member(message, "role"), member(message, "content")
        if not isinstance(content, yaml.ScalarNode) or not isinstance(role, yaml.ScalarNode):
            raise bad_node(source, message, "a message has a role and a content that is a text", _MESSAGES)
        if role.value.lower() not in ("system", "user", "assistant"):
            raise bad_node(source, role, f"there is no role {role.value!r}: it is system, user or assistant")
        roles.append(cast("Role", role.value.lower()))
        contents.append(content)
    slots = tuple(
        scalar_slot(source, PromptPart(name=name, role=role, text="", syntax=("mustache",)), node, message)
        for name, role, node, message in zip(named_by_role(roles), roles, contents, messages, strict=True)
    )
    if not any(slot.part.text for slot in slots):
        raise no_prompt(source, "its messages are empty")
    notices = shared_notices(source, root, contents)
    for key in _UNSENT:
        node = member(root, key)
        if node is not None:
            notices.append(f"{source.path}:{line_of(node)}: `{key}` is not sent with the requests; it is left out")
    return FileDocument(
        source=source,
        format="GitHub Models prompt",
        slots=slots,
        again=open_github,
        description=text_of(member(root, "description")),
        model=text_of(member(root, "model")),
        parameters=read_mapping(source, member(root, "modelParameters")),
        data=_data(source, root, notices),
        notices=tuple(notices),
        rest=meaning(root, frozenset(map(id, contents))),
    )


def _data(source: Source, root: yaml.Node, notices: list[str]) -> EvalData | None:
    """The cases of `testData`; None where there are none."""
    rows: list[Row] = []
    for number, node in enumerate(items(member(root, "testData")), 1):
        fields = read_value(source, node)
        if not isinstance(fields, dict) or not fields:
            raise bad_node(source, node, "a case of testData is a mapping", "For example: - input: 2 + 2")
        known = cast("dict[str, Any]", fields)
        expected = known.pop("expected", None)
        rows.append(Row(id=str(number), path=str(source.path), line=line_of(node), fields=known, expected=expected))
    if not rows:
        return None
    checks: list[CheckSpec] = []
    for node in items(member(root, "evaluators")):
        checks += _checks(source, node, notices)
    return EvalData(paths=(str(source.path),), rows=tuple(rows), checks=tuple(checks), digest=source.digest)


def _checks(source: Source, node: yaml.Node, notices: list[str]) -> list[CheckSpec]:
    """What an evaluator asks for. One that we do not have is named."""
    evaluator = read_mapping(source, node)
    where = f"{source.path}:{line_of(node)}"
    name = f"the evaluator {evaluator.get('name')!r}" if evaluator.get("name") else "an evaluator"
    found: list[CheckSpec] = []
    string, llm, uses = (evaluator.get(key) for key in ("string", "llm", "uses"))
    if isinstance(string, dict):
        for key, value in string.items():
            if key not in _STRING:
                notices.append(f"{where}: {name} asks for {key!r}, which is not known; it is left out")
                continue
            options: Mapping[str, Any] = {"strict": True} if key == "equals" else {"ignore_case": True}
            found.append(CheckSpec(kind=_STRING[key], value=value, options={} if key == "contains" else options))
    if isinstance(llm, dict):
        rubric = "\n\n".join(str(llm[key]) for key in ("systemPrompt", "prompt") if llm.get(key))
        known = {"model": llm.get("modelId"), "choices": llm.get("choices")}
        options = {key: value for key, value in known.items() if value is not None}
        found.append(CheckSpec(kind="judge", value=rubric or None, options=options))
    if uses is not None:
        notices.append(f"{where}: {name} uses {uses}, a judge that is not here; it is left out")
    elif not isinstance(string, dict) and not isinstance(llm, dict):
        notices.append(f"{where}: {name} has neither `string` nor `llm`; it is left out")
    return found
