"""GitHub Models and Prompty: what the file says of model, cases and checks."""

from pathlib import Path

import pytest

from secant.config import PromptRequest
from secant.promptfiles.evaldata.reading import read_data
from secant.promptfiles.evaldata.rows import CheckSpec
from secant.promptfiles.inspection import inspect
from secant.promptfiles.opening import open_prompt
from secant.promptfiles.subject import find_prompt
from tests.optimizers.promptfiles.prompt_zoo import ZOO, opened, texts


def test_github_models_has_messages_model_cases_and_checks():
    document = open_prompt(ZOO / "summarizer.prompt.yml")
    assert [(p.name, p.role, p.first_line, p.last_line) for p in document.parts] == [
        ("system", "system", 9, 9),
        ("user", "user", 11, 15),
        ("assistant", "assistant", 16, 16),
    ]
    assert document.parts[1].text == 'Summarize the text, beginning with "Summary -":\n<text>\n  {{input}}\n</text>'
    assert (document.format, document.model) == ("GitHub Models prompt", "openai/gpt-4o-mini")
    assert document.parameters == {"temperature": 0.5}
    data = document.data
    assert data is not None
    assert [(row.id, row.line, row.expected) for row in data.rows] == [
        ("1", 19, "Summary - A fox jumped over a dog."),
        ("2", 23, "Summary - no"),
    ]
    assert data.rows[1].fields == {"input": "no"}
    starts, judge = data.checks
    assert starts == CheckSpec(kind="starts-with", value="Summary -", options={"ignore_case": True})
    assert (judge.kind, judge.value) == ("judge", "Is {{completion}} shorter than {{input}}?")
    assert judge.options["model"] == "openai/gpt-4o"
    assert len(document.notices) == 1
    assert "summarizer.prompt.yml:35: the evaluator 'Similar' uses github/similarity" in document.notices[0]


def test_an_unknown_evaluator_is_named(tmp_path: Path):
    raw = b"""messages: [{role: user, content: a}]
testData: [{input: 1, expected: [2]}]
evaluators:
- {name: x, string: {matches: a, equals: b, contains: c}}
- {name: y}
"""
    document = opened(tmp_path, "a.prompt.yml", raw)
    assert document.data is not None
    assert document.data.checks == (
        CheckSpec(kind="exact", value="b", options={"strict": True}),
        CheckSpec(kind="icontains", value="c"),
    )
    assert document.data.rows[0].fields == {"input": 1}
    assert document.data.rows[0].expected == [2]
    assert ["'matches', which is not known" in n or "neither `string` nor `llm`" in n for n in document.notices] == [
        True,
        True,
    ]


def test_prompty_of_version_1():
    document = open_prompt(ZOO / "support.prompty")
    assert [(p.name, p.role, p.syntax, p.first_line, p.last_line) for p in document.parts] == [
        ("system", "system", ("jinja",), 18, 21),
        ("user", "user", ("jinja",), 23, 23),
    ]
    assert document.model == "gpt-4o-mini"
    assert document.parameters == {"max_tokens": 256, "temperature": 0.2}
    assert document.data is None


def test_prompty_of_version_2():
    document = open_prompt(ZOO / "classify.v2.prompty")
    assert texts(document) == {
        "system": "Is the text positive or negative?",
        "user": "{{text}}",
        "assistant": "Sentiment:",
    }
    assert document.parts[0].syntax == ("mustache",)
    assert (document.model, document.parameters) == ("gpt-4o", {"temperature": 0})
    assert document.data is not None
    (row,) = document.data.rows
    assert (row.fields, row.expected, row.line) == ({"text": "I love it"}, "positive", 15)


def test_prompty_leaves_tools_aside_and_says_so(tmp_path: Path):
    raw = b'---\ntemplate: {format: liquid}\n---\ntools:\n- x\n# user[name="a"]:\n{{q}}\n'
    document = opened(tmp_path, "a.prompty", raw)
    assert texts(document) == {"prompt": "{{q}}"}
    assert any("a.prompty:4: a message of the role tools is left aside" in n for n in document.notices)
    assert any("'liquid' is not known; it is read as Jinja" in n for n in document.notices)
    assert document.written({"prompt": "new"}) == raw.replace(b"{{q}}", b"new")


def test_what_a_file_wants_of_a_request_and_does_not_get_is_told(tmp_path: Path):
    models = opened(tmp_path, "a.prompt.yml", b"messages: [{role: user, content: a}]\nresponseFormat: json_object\n")
    assert models.notices == (
        f"{tmp_path}/a.prompt.yml:2: `responseFormat` is not sent with the requests; it is left out",
    )
    raw = b"---\nmodel:\n  options:\n    tools: [{name: x}]\n---\nuser:\nHello\n"
    prompty = opened(tmp_path, "a.prompty", raw)
    assert prompty.notices == (f"{tmp_path}/a.prompty:4: `tools` is not sent with the requests; it is left out",)


@pytest.mark.parametrize(
    ("filename", "front"),
    [
        ("a.prompty", "inputs: {name: {type: string, default: Guest}, q: {sample: x}, n: 3, other: {default: y}}"),
        ("a.prompty", "inputs: [{name: name, default: Guest}, {name: q}]"),
        ("a.prompty", "inputSchema: {properties: [{name: name, kind: string, default: Guest}]}"),
        ("a.prompt", "input: {default: {name: Guest, other: y}}"),
    ],
)
def test_a_default_of_the_file_fills_what_a_case_does_not(filename: str, front: str, tmp_path: Path):
    (tmp_path / filename).write_text(f"---\n{front}\n---\n{{{{name}}}} asks: {{{{q}}}}\n")
    (tmp_path / "a.eval.jsonl").write_text('{"q": 1, "expected": 1}\n{"q": 2, "name": "Ann", "expected": 2}\n')
    subject = find_prompt(PromptRequest(target=filename, folder=tmp_path))
    assert [row.fields for row in subject.data.rows] == [{"name": "Guest", "q": 1}, {"name": "Ann", "q": 2}]
    assert inspect(subject.document, read_data(tmp_path / "a.eval.jsonl")) == ()
