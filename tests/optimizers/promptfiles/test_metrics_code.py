"""Metrics that run elsewhere: patterns, schemas, and Python functions of the user's in real confined processes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import JsonValue

from secant.errors import BadRequest, UnreadableFile
from secant.functions.buffers import Buffers
from secant.functions.isolation import Limits
from secant.functions.launching import Launcher
from secant.promptfiles.evaldata.rows import CheckSpec, EvalData, Row
from secant.promptfiles.metrics.choosing import Surroundings, metric_for
from secant.promptfiles.metrics.contract import Answer, Grade, Metric
from secant.promptfiles.metrics.schemas import fault

PATIENT = 20.0
SHORT = 0.3


class Desk:
    """A folder with metrics, and answers to judge."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "project"
        self.folder.mkdir()
        self._scratch = root / "scratch"
        self._metrics: list[Metric] = []

    def metric(self, text: str, *rows: Row, seconds: float = PATIENT, unsaved: str | None = None) -> Metric:
        buffers = Buffers({} if unsaved is None else {str(self.folder / "m.py"): unsaved})
        around = Surroundings(self.folder, self._launcher, buffers=buffers, seconds=seconds)
        data = EvalData(paths=("d.jsonl",), rows=rows, digest="")
        self._metrics.append(metric_for(text, data=data, surroundings=around))
        return self._metrics[-1]

    def judged(self, source: str, *outputs: str, seconds: float = PATIENT, expected: JsonValue = "4") -> list[Grade]:
        """What the function `f` says of outputs of one case."""
        (self.folder / "m.py").write_text(source)
        case = row(expected)
        return list(
            self.metric("python:m.py::f", case, seconds=seconds).grade([Answer(case, each) for each in outputs])
        )

    def _launcher(self) -> Launcher:
        limits = Limits(memory_bytes=512 << 20, file_bytes=1 << 20, processes=16)
        return Launcher(Path(sys.executable), self._scratch, base_environment=dict(os.environ), limits=limits)

    def close(self) -> None:
        for metric in self._metrics:
            metric.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def row(expected: JsonValue = None, *checks: CheckSpec) -> Row:
    fields = {"input": "2 + 2", "unit": "apples", "output": "a field that must not hide the answer"}
    return Row(id="7", path="d.jsonl", line=3, fields=fields, expected=expected, checks=checks)


@pytest.mark.parametrize(
    ("schema", "lost"),
    [
        ({"properties": {"a": {"$ref": "#/definitions/none"}}}, "#/definitions/none"),
        ({"items": {"$ref": "other.json"}}, "other.json"),
        ({"enum": [{"$ref": "#/no/reference"}], "items": {"$ref": "#/$defs/b"}, "$defs": {"b": {}}}, ""),
        ({"$ref": "https://json-schema.org/draft/2020-12/schema"}, ""),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_before_an_answer_is_judged(schema: JsonValue, lost: str) -> None:
    assert fault(schema).startswith(f"its reference {lost} leads nowhere" if lost else "")
    assert bool(fault(schema)) == bool(lost)


# Patterns


def test_patterns(desk: Desk) -> None:
    case = row("4")
    metric = desk.metric(r"regex:^Sum: \d+$", case)
    right, wrong = metric.grade([Answer(case, "So\nSum: 5\n"), Answer(case, "Sum: five")])
    assert right.score == 1
    assert (wrong.score, wrong.feedback) == (0, 'nothing in it matches ^Sum: \\d+$; it says "Sum: five"')


def test_a_group_is_compared_with_the_expected_answer(desk: Desk) -> None:
    case = row("(C)")
    metric = desk.metric("regex:Answer: (.*)", case)
    grades = metric.grade([Answer(case, text) for text in ("Answer: A\nAnswer: C", "Answer: B", "C")])
    assert [grade.score for grade in grades] == [1, 0, 0]
    assert [grade.error for grade in grades] == ["none", "none", "parse"]
    assert metric.objection(row()) == "it has no expected answer"


def test_a_pattern_that_never_ends_is_ended_and_the_next_answers_are_judged(desk: Desk) -> None:
    case = row("4")
    endless = "a" * 60 + "b"
    metric = desk.metric("regex:^(a+)+$", case, seconds=SHORT)
    first, second, third = metric.grade([Answer(case, text) for text in ("a", endless, "aa")])
    assert (first.error, second.error, third.error) == ("none", "timeout", "none")
    assert "took longer than 0.3 s" in second.unusable
    lost = metric.grade([Answer(case, endless)] * 9)
    assert {grade.error for grade in lost} == {"timeout"}


def test_what_is_no_pattern_is_told(desk: Desk) -> None:
    with pytest.raises(BadRequest, match="this is no regular expression"):
        desk.metric("regex:(")
    own = row("4", CheckSpec(kind="regex", value="("), CheckSpec(kind="regex", value="4"))
    metric = desk.metric("", own)
    assert "no regular expression" in metric.objection(own)
    (grade,) = metric.grade([Answer(own, "4")])
    assert (grade.score, grade.error) == (0.5, "crash")


# Schemas

SCHEMA = {"type": "object", "required": ["price"], "properties": {"price": {"type": "number"}}}


FITTING: list[tuple[str, float, str]] = [
    ('{"price": 2}', 1, ""),
    ('Here it is:\n```json\n{"price": 2}\n```\nBye.', 1, ""),
    ('{"price": "two"}', 0, "it does not fit the schema: at $.price: 'two' is not of type 'number'"),
    ("{}", 0, "it does not fit the schema: at $: 'price' is a required property"),
    ('{"price": 2', 0, 'it is no JSON: Expecting \',\' delimiter at line 1, column 12 of "{"price": 2"'),
    ("", 0, "it is no JSON: it is empty"),
]


def test_schemas(desk: Desk) -> None:
    (desk.folder / "s.json").write_text(json.dumps(SCHEMA))
    case = row()
    grades = desk.metric("json-schema:s.json", case).grade([Answer(case, output) for output, _, _ in FITTING])
    assert [(g.score, g.feedback) for g in grades] == [(score, told) for _, score, told in FITTING]
    assert [g.error == "parse" for g in grades] == ["no JSON" in told for _, _, told in FITTING]


def test_json_without_a_schema_and_with_one_in_the_row(desk: Desk) -> None:
    plain, own = row(), row(None, CheckSpec(kind="json-schema", value={"type": "array"}))
    grades = desk.metric("json-schema", plain, own).grade([Answer(plain, "{}"), Answer(own, "{}"), Answer(own, "[]")])
    assert [grade.score for grade in grades] == [1, 0, 1]


def test_json_amid_other_words_where_that_is_allowed(desk: Desk) -> None:
    strict = CheckSpec(kind="json-schema", value=SCHEMA)
    rows = [row(None, strict), row(None, strict.model_copy(update={"options": {"within": True}}))]
    said = 'It is [sic] {"price": 2}.'
    grades = desk.metric("", *rows).grade([Answer(case, text) for text in (said, "{ no }") for case in rows])
    assert [grade.error for grade in grades] == ["parse", "none", "parse", "parse"]
    assert [grade.score for grade in grades] == [0, 1, 0, 0]


def test_what_is_no_schema_is_told(desk: Desk) -> None:
    with pytest.raises(UnreadableFile, match="the schema cannot be read"):
        desk.metric("json-schema:none.json")
    with pytest.raises(BadRequest, match=r"this is no JSON schema: at \$.type"):
        desk.metric('json-schema:{"type": "strnig"}')
    own = row(None, CheckSpec(kind="json-schema", value={"type": 3}))
    assert "its schema is none" in desk.metric("", own).objection(own)


def test_a_schema_fetches_nothing_and_cannot_hang(desk: Desk) -> None:
    remote, endless = {"$ref": "http://localhost:9/s.json"}, {"pattern": "^(a+)+$"}
    rows = [row(None, CheckSpec(kind="json-schema", value=value)) for value in (remote, endless)]
    metric = desk.metric("", *rows, seconds=1.0)
    first, second = metric.grade([Answer(rows[0], "1"), Answer(rows[1], json.dumps("a" * 60 + "b"))])
    assert "the schema cannot be used" in first.unusable
    assert second.error == "timeout"


# Python


SAID: list[tuple[str, float, str]] = [
    ("def f(output, expected): return output == expected", 1, ""),
    ("def f(o, e): return o == e", 1, ""),
    ("def f(o, /): return o == '4'", 1, ""),
    ("def f(output, unit, input, *, row): return unit == 'apples' == row['unit'] and input == '2 + 2'", 1, ""),
    ("def f(**all): return all['output'] == '4' and all['context']['vars']['unit'] == 'apples'", 1, ""),
    ("def f(output): return 0.25", 0.25, "the metric gave 0.25"),
    ("def f(output): return 0.5, 'half'", 0.5, "half"),
    ("def f(output): return {'score': 0.5, 'feedback': 'half'}", 0.5, "half"),
    ("def f(output): return {'pass': True, 'reason': ''}", 1, ""),
    ("def f(output): return 'it is wrong'", 0, "it is wrong"),
    ("def f(output):\n    assert output == '5', 'not five'", 0, "not five"),
]


def test_what_a_function_gets_and_may_return(desk: Desk) -> None:
    source = "\n".join(text.replace("def f(", f"def f{n}(") for n, (text, _, _) in enumerate(SAID))
    (desk.folder / "m.py").write_text(source)
    rows = [row("4", CheckSpec(kind="python", value=f"m.py::f{n}")) for n in range(len(SAID))]
    grades = desk.metric("", *rows).grade([Answer(case, "4") for case in rows])
    assert [(g.score, g.feedback, g.error) for g in grades] == [(score, told, "none") for _, score, told in SAID]


def test_one_bad_answer_costs_nothing_but_its_own_score(desk: Desk) -> None:
    source = """
        import os, sys, time, builtins
        def f(output):
            if output == "hang":
                while True: pass
            if output == "leave": sys.exit(0)
            if output == "die": os._exit(0)
            if output == "raise": return 1 / 0
            if output == "patch":
                builtins.len = lambda x: 0
            return len(output) == 4
    """
    grades = desk.judged(dedent(source), "hang", "leave", "die", "raise", "patch", "fine", seconds=SHORT)
    assert [grade.score for grade in grades] == [0, 0, 0, 0, 0, 1]
    assert [grade.error for grade in grades] == ["timeout", "crash", "crash", "crash", "crash", "none"]
    assert not any(grade.unusable for grade in grades)
    assert "ZeroDivisionError: division by zero (line 8: if output" in grades[3].feedback


def test_a_metric_that_always_hangs_is_given_up(desk: Desk) -> None:
    grades = desk.judged("import time\ndef f(output):\n    time.sleep(60)", *["x"] * 40, seconds=0.1)
    assert {grade.error for grade in grades} == {"timeout"}
    assert grades[-1].unusable == "m.py::f took longer than 0.1 s 3 times in a row"


USELESS: list[tuple[str, str]] = [
    ("def f(output): return None", "the metric returned None; it should return True or False"),
    ("def f(output): return 7", "the metric returned 7"),
    ("def f(output): return float('nan')", "the metric returned nan"),
    (
        "def f(output, colour): return True",
        "the metric asks for colour, which the case does not have; it has output",
    ),
    ("import nowhere\ndef f(output): return True", ".py cannot be loaded: ModuleNotFoundError"),
    ("import sys; sys.exit(0)\ndef f(output): return True", ".py cannot be loaded: SystemExit"),
]


def test_a_metric_that_judges_nothing_says_so(desk: Desk) -> None:
    for number, (source, _) in enumerate(USELESS):
        (desk.folder / f"m{number}.py").write_text(source)
    rows = [row("4", CheckSpec(kind="python", value=f"m{n}.py::f")) for n in range(len(USELESS))]
    answers = [Answer(case, text) for text in ("4", "5") for case in rows]
    for grade, (_, told) in zip(desk.metric("", *rows).grade(answers), USELESS * 2, strict=True):
        assert told in grade.unusable
        assert (grade.score, grade.error) == (0, "crash")


def test_a_metric_that_is_not_there_is_told_before_anything_runs(desk: Desk) -> None:
    (desk.folder / "m.py").write_text("def f(output): return True\n")
    with pytest.raises(BadRequest, match="There are: f"):
        desk.metric("python:m.py::g")
    with pytest.raises(BadRequest, match="a metric is a function in a Python file\nFor example: --metric"):
        desk.metric("python:m.py:f.g")
    with pytest.raises(BadRequest, match="a metric in Python needs its function"):
        desk.metric("python")
    with pytest.raises(UnreadableFile, match="no such file"):
        desk.metric("", row("4", CheckSpec(kind="python", value="n.py::f")))


def test_what_a_function_says_of_itself_is_what_counts_as_correct(desk: Desk) -> None:
    (desk.folder / "m.py").write_text('def f(output):\n    """No word is longer than nine letters.\n\n    More."""\n')
    said = desk.metric("python:m.py::f").says
    assert said == "The answer is correct if the function f accepts it (No word is longer than nine letters)."


def test_an_unsaved_metric_is_the_one_that_runs_and_promptfoo_names_work(desk: Desk) -> None:
    (desk.folder / "m.py").write_text("def f(output): return False\n")
    case = row("4")
    source = "def f(output): return True\ndef get_assert(output, context): return context['vars']['unit'] == output\n"
    assert desk.metric("python:m.py::f", case, unsaved=source).grade([Answer(case, "x")])[0].score == 1
    assert desk.metric("python:file://m.py", case, unsaved=source).grade([Answer(case, "apples")])[0].score == 1


def test_what_is_imported_once_is_not_imported_for_every_answer(desk: Desk) -> None:
    source = "import os\nimported = os.getpid()\ndef f(output): return str(imported == os.getpid())"
    grades = desk.judged(source, "a", "b", "c")
    assert [grade.feedback for grade in grades] == ["True", "False", "False"]
