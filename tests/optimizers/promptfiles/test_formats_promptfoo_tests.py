"""What the tests of promptfoo configs mean: in files, in scenarios, with thresholds, with texts around the prompt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from secant.errors import BadRequest
from secant.promptfiles.document import PromptDocument
from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.metrics.choosing import Surroundings, metric_for
from secant.promptfiles.metrics.contract import Answer, Grade
from secant.promptfiles.opening import open_prompt
from secant.promptfiles.program import Program
from tests.optimizers.promptfiles.prompt_zoo import ZOO

CONFIGS = ZOO.parent / "promptfoo"


def read(name: str) -> tuple[PromptDocument, Sequence[Row]]:
    document = open_prompt(CONFIGS / name)
    assert document.data is not None
    return document, document.data.rows


def graded(name: str) -> Sequence[Grade]:
    """The recorded answers of a config, judged."""
    document, rows = read(name)
    assert document.data is not None
    metric = metric_for("", data=document.data, surroundings=Surroundings(CONFIGS))
    return metric.grade([Answer(row, row.recorded or "") for row in rows])


def said(document: PromptDocument) -> list[str]:
    return [notice.removeprefix(f"{CONFIGS}/").removesuffix("; it is left out") for notice in document.notices]


def test_a_list_of_texts_makes_cases_and_no_other_list_does() -> None:
    _, rows = read("matrix.yaml")
    objects = [{"k": 1}, {"k": 2}]
    assert [row.fields for row in rows] == [
        *({"a": a, "b": objects, "c": c} for a in ("x", "y") for c in ("first", "second")),
        {"a": ["x", "y"], "b": 1, "c": 2},
    ]


def test_every_column_of_a_table_is_a_variable() -> None:
    _, rows = read("files.yaml")
    first, second = rows[:2]
    assert first.fields == {"id": "7", "question": "2 + 2?", "expected": "4", "answer": "four"}
    assert first.checks == (
        CheckSpec(kind="contains-any", value=["four", "4, or so"]),
        CheckSpec(kind="contains", value="4"),
    )
    assert (first.threshold, first.prefix, first.suffix) == (0.5, "Q: ", " (in digits)")
    assert second.checks == (
        CheckSpec(kind="icontains", value="three", negate=True),
        CheckSpec(kind="judge", value="It is brief: two", threshold=0.8),
        CheckSpec(kind="contains", value="2"),
    )
    assert (second.threshold, second.prefix, second.suffix) == (None, "", "")


def test_tests_in_files_mean_what_they_mean_in_the_config() -> None:
    document, rows = read("files.yaml")
    polite = CheckSpec(kind="icontains", value="stupid", negate=True)
    schema = CheckSpec(kind="json-schema", value={"type": "string"})
    assert [(row.id, row.line, row.fields["question"], row.checks, row.recorded) for row in rows[2:]] == [
        ("rows.yaml:1", 1, "one?", (schema, polite, CheckSpec(kind="contains", value="o")), '"no"'),
        ("rows.yaml:2", 1, "two?", (schema, polite, CheckSpec(kind="contains", value="o")), '"no"'),
        (
            "rows.jsonl:1",
            1,
            "three?",
            (CheckSpec(kind="exact", value="3", options={"strict": True}), CheckSpec(kind="contains", value="3")),
            None,
        ),
        ("rows.jsonl:2", 3, "four?", (CheckSpec(kind="contains", value="4"),), '{"n": 4}'),
    ]
    assert [row.threshold for row in rows[2:]] == [0.6, 0.6, None, None]
    assert said(document) == [
        "files.yaml:11: tests from file://tests/made.py:create are not supported",
        "files.yaml:12: tests from file://tests/made.js are not supported",
        "tests/rows.csv:2: the assertion `javascript` is not supported",
        "tests/rows.yaml:1: the assertion `similar` is not supported",
    ]


def test_a_changed_file_changes_the_digest(tmp_path: Path) -> None:
    config = tmp_path / "promptfooconfig.yaml"
    config.write_text("prompts: ['{{x}}']\ntests: [{vars: {x: file://x.txt}, assert: [{type: equals, value: 1}]}]\n")
    digests: set[str] = set()
    for text in ("one", "two"):
        (tmp_path / "x.txt").write_text(text)
        data = open_prompt(config).data
        assert data is not None
        digests.add(data.digest)
    assert len(digests) == 2


def test_scenarios_are_every_test_with_every_set_of_values() -> None:
    _, rows = read("scenarios.yaml")
    assert [(row.fields["language"], row.fields["text"], len(row.checks)) for row in rows] == [
        ("Spanish", "Hello", 1),
        ("Spanish", "Bye", 0),
        ("French", "Hello", 2),
        ("French", "Bye", 1),
        ("German", "Hello", 0),
    ]
    assert all(row.fields["tone"] == "formal" for row in rows)
    assert rows[2].checks == (
        CheckSpec(kind="contains", value="Hola", negate=True),
        CheckSpec(kind="contains", value="Bonjour"),
    )


def test_so_much_of_the_weight_is_enough() -> None:
    grades = graded("scored.yaml")
    assert [grade.score for grade in grades] == [1.0, 0.25, 1.0, 1.0]
    assert [grade.feedback for grade in grades][:1] == [""]
    assert grades[1].feedback.endswith("; scored 0.25 of 0.75, which would be enough")
    document, _ = read("scored.yaml")
    assert said(document) == [
        "scored.yaml:5, 12, 14, 17: an assertion `contains` counts for nothing",
        "scored.yaml:17: the threshold 'most' of a test is no number",
    ]


def test_what_is_no_json_passes_where_no_json_is_wanted(tmp_path: Path) -> None:
    config = tmp_path / "promptfooconfig.yaml"
    config.write_text("prompts: ['{{x}}']\ntests: [{vars: {x: [a, b]}, assert: [{type: not-is-json}]}]\n")
    data = open_prompt(config).data
    assert data is not None
    metric = metric_for("", data=data, surroundings=Surroundings(tmp_path))
    grades = metric.grade([Answer(row, text) for row, text in zip(data.rows, ["words", "{}"], strict=True)])
    assert [(grade.score, grade.error) for grade in grades] == [(1.0, "none"), (0.0, "none")]


def test_a_text_around_the_prompt_is_sent_with_it() -> None:
    document, rows = read("values.yaml")
    program = Program(document.parts)
    sent = [program.messages(program.artifact(), row)[0]["content"] for row in rows]
    assert sent == ["For ANN. dry: Dear Ann of Annville  Be brief.", "For BO. wry: Hi there"]


def test_values_are_filled_as_templates_or_left_out_aloud() -> None:
    document, rows = read("values.yaml")
    assert [check.value for row in rows for check in row.checks] == ["ANN"]
    assert said(document) == [
        "values.yaml:6: the option `transform` of a test is not supported",
        "values.yaml:6: the option `provider` of a test is not supported",
        "values.yaml:9: the assertion `contains` cannot be filled: "
        "no field of the case fills the placeholder {{ nobody }}",
    ]


def test_nothing_is_put_around_a_chat() -> None:
    document, rows = read("chat.yaml")
    assert (rows[0].prefix, said(document)) == (
        "",
        [
            "chat.yaml:4: `postprocess` of a test is not supported",
            "chat.yaml:4: `prefix` and `suffix` are not put around a chat",
        ],
    )


@pytest.mark.parametrize(
    ("tests", "where", "message"),
    [
        ("[{vars: {x: file://a.png}}]", "3", "file://a.png is no text, and nothing else is sent to a model"),
        ("[{vars: {x: file://a.py}}]", "3", "file://a.py is a program, which is not run for a test"),
        ("[{vars: {x: file://no*.txt}}]", "3", "no file is named file://no*.txt"),
        ("[file://no*.yaml]", "3", "no file is named file://no*.yaml"),
        ("[a test]", "", "tests in a file ending in a test are not read"),
        ("[[1]]", "3", "a test is a mapping"),
    ],
)
def test_a_test_that_cannot_be_read(tests: str, where: str, message: str, tmp_path: Path) -> None:
    config = tmp_path / "promptfooconfig.yaml"
    config.write_text(f"prompts: ['{{{{x}}}}']\ntests:\n  {tests}\n")
    with pytest.raises(BadRequest) as raised:
        open_prompt(config)
    assert raised.value.message == message
    assert not where or raised.value.where == f"{config}:{where}"


def test_a_test_may_do_without_the_checks_of_all_others(tmp_path: Path) -> None:
    config = tmp_path / "promptfooconfig.yaml"
    alone: Any = "{vars: {x: b}, options: {disableDefaultAsserts: true}, assert: [{type: contains, value: z}]}"
    config.write_text(
        "prompts: ['{{x}}']\ndefaultTest: {assert: [{type: contains, value: y}]}\n"
        f"tests: [{{vars: {{x: a}}}}, {alone}]\n"
    )
    data = open_prompt(config).data
    assert data is not None
    assert (data.checks, [[check.value for check in row.checks] for row in data.rows]) == ((), [["y"], ["z"]])


def test_expressions_are_those_of_javascript() -> None:
    document, (row,) = read("expressions.yaml")
    assert [check.value for check in row.checks] == [r"(?P<year>\d{4})-(?P=year) \(?<a>", "(?<=a)b"]
    assert said(document) == [
        r"expressions.yaml:4: the assertion `regex` is no regular expression of Python's: bad escape \p at position 0"
    ]


def test_a_set_of_assertions_weighs_as_one() -> None:
    document, rows = read("sets.yaml")
    assert [(check.value, check.weight) for check in rows[0].checks] == [("a", 1), ("b", 1.5), ("c", 0.5)]
    assert [grade.score for grade in graded("sets.yaml")][1:3] == [1.0, 0.5]
    assert "the threshold of an `assert-set` with others in it" in said(document)[-1]
