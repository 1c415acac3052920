"""What is seen of a prompt without a model: beside its cases, against an earlier text, and alone."""

from pathlib import Path

from secant.promptfiles.evaldata.rows import EvalData, Row
from secant.promptfiles.inspection import Problem, inspect, sizes
from secant.promptfiles.opening import open_prompt
from tests.optimizers.promptfiles.prompt_zoo import ZOO, opened


def data(*fields: dict) -> EvalData:
    rows = tuple(Row(id=str(n), path="x", line=n, fields=each) for n, each in enumerate(fields, 1))
    return EvalData(paths=("x",), rows=rows, digest="")


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str, int, int, int, str]]:
    return [(p.severity, p.kind, p.line, p.column, p.end_column, p.sentence) for p in problems]


def test_a_good_prompt_has_no_problems():
    document = open_prompt(ZOO / "review.prompt.md")
    assert inspect(document, data({"language": "C", "selection": "x", "style": "y"})) == ()


def test_placeholders_and_fields_that_do_not_meet(tmp_path: Path):
    document = opened(tmp_path, "a.md", b"---\nx: 1\n---\nHello {{nam}},\r\n\xc3\xa9 {{nam}} {{other}}!\n")
    assert told(inspect(document, data({"name": 1}, {"nam": 2, "name": 2}))) == [
        ("info", "unused", 4, 1, 1, "No placeholder of the prompt uses the field name of the cases."),
        ("error", "unfilled", 4, 7, 14, "1 of 2 cases do not fill the placeholder {{nam}}. Did you mean nam?"),
        ("error", "unfilled", 5, 11, 20, "No case fills the placeholder {{other}}. They have: name, nam."),
    ]


def test_a_prompt_without_placeholders_takes_every_field_as_input(tmp_path: Path):
    document = opened(tmp_path, "a.md", b"Translate what you are given.")
    assert inspect(document, data({"input": "x"})) == ()


def test_jinja_takes_names_from_outside(tmp_path: Path):
    raw = b"{% for x in xs %}{{ x }}{% endfor %}\n{% if y is defined %}{{ y }}{% endif %}{{ z.a }} {{ w|d(1) }}"
    document = opened(tmp_path, "a.j2", raw)
    assert told(inspect(document, data({"xs": [1]}))) == [
        ("error", "unfilled", 2, 43, 44, "No case fills the placeholder z. They have: xs.")
    ]


def test_a_template_that_is_not_closed(tmp_path: Path):
    document = opened(tmp_path, "a.prompty", b"---\nx: 1\n---\nsystem:\n\na\n{% if x %}\nb\n")
    (problem,) = inspect(document, data({"x": 1}))
    assert (problem.severity, problem.kind, problem.line) == ("error", "template", 7)
    assert problem.sentence.startswith("The template is not Jinja: Unexpected end of template.")


def test_placeholders_that_are_half_closed(tmp_path: Path):
    document = opened(tmp_path, "a.md", b"A {{ x } and ${input:y and {{z}}, {json} ${HOME}.")
    assert [(p.kind, p.column, p.end_column, p.sentence[:24]) for p in inspect(document)] == [
        ("unclosed", 3, 9, "The placeholder {{ x } i"),
        ("unclosed", 14, 23, "The placeholder ${input:"),
    ]


def test_placeholders_that_an_earlier_text_had(tmp_path: Path):
    document = opened(tmp_path, "a.prompty", b"system:\n{{ a }}\nuser:\nHi\n")
    earlier = {"system": "{{ a }} {{ b }} {{ b }}", "user": "{{ a }} {% if c %}{% endif %}"}
    assert [(p.kind, p.line, p.sentence) for p in inspect(document, None, earlier)] == [
        ("lost", 2, "The placeholder {{ b }} was lost; the earlier text has it."),
        ("lost", 4, "The placeholder {% if c %} was lost; the earlier text has it."),
        ("lost", 4, "The placeholder {% endif %} was lost; the earlier text has it."),
    ]


def test_text_that_stands_there_twice(tmp_path: Path):
    long = "Always answer in the language of the question that you were asked."
    line = "- Name the order by its number, please."
    document = opened(tmp_path, "a.md", f"{long}\n\n{line}\n- x\n- x\n\n  {long}\n\nand\n{line}\n".encode())
    assert [(p.kind, p.line, p.column, p.sentence) for p in inspect(document)] == [
        ("duplicate", 7, 3, f"This paragraph stands in line 1 already: {long[:59]}…"),
        ("duplicate", 10, 1, f"This line stands in line 3 already: {line}"),
    ]


def test_what_the_format_left_aside_has_its_line(tmp_path: Path):
    document = opened(tmp_path, "a.md", b"---\na: [\n---\nText\n")
    assert told(inspect(document)) == [
        ("warning", "format", 3, 1, 1, "The front matter is not YAML: did not find expected node content.")
    ]
    config = open_prompt(ZOO / "promptfooconfig.yaml", "1")
    assert [(p.severity, p.line) for p in inspect(config, config.data)][:1] == [("info", 19)]
    assert {p.severity for p in inspect(config, config.data)} == {"info"}


def test_sizes_of_parts():
    document = open_prompt(ZOO / "summarizer.prompt.yml")
    assert sizes(document.parts)[0] == ("system", 8, 13)
    assert [size.part for size in sizes(document.parts)] == ["system", "user", "assistant"]


def test_a_case_may_do_without_what_a_template_asks_after(tmp_path: Path):
    raw = b"{{ q }}{% if not tone or (style and x == 1) %}plain{% endif %}{{ 'a' if kind else 'b' }}"
    document = opened(tmp_path, "a.j2", raw)
    cases = data({"q": 1, "tone": 2, "style": 3, "x": 4}, {"q": 1, "x": 4})
    assert [p.sentence for p in inspect(document, cases)] == [
        "No case fills the placeholder kind. They have: q, tone, style, x."
    ]


def test_an_expression_is_no_placeholder_that_was_left_open(tmp_path: Path):
    raw = b'${KIND="a|b"} ${KIND == "a" ? "see ${KIND}" : "none"} ${WITH ? \n"x" : ""} and ${text into French'
    (found,) = inspect(opened(tmp_path, "a.prompt.md", raw))
    assert found.sentence == "The placeholder ${text is not closed and will be sent as it is."


def test_rules_and_tags_may_stand_in_many_places(tmp_path: Path):
    rule, tag = "=" * 40, "{% if include_all_the_examples %}"
    raw = (
        f"{rule}\nOne\n{tag}\na{{% endif %}}\n\n{rule}\nTwo\n{tag}\nb{{% endif %}}\n<div class='a long class'></div>\n"
    )
    assert inspect(opened(tmp_path, "a.j2", (raw + raw[-34:]).encode())) == ()
