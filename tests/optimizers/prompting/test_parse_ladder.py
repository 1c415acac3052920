"""Every rung of the ladder by which replies are read, and everything that is turned down."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secant.optimizer import Completion
from secant.prompting.parse import read, tagged
from secant.prompting.render import Data, Section, compose
from secant.prompting.replies import ASK_AGAIN, Expected

OLD = "def f(x):\n    return x\n"
NEW = "def f(x):\n    return x + 1\n"
FUNCTION = Expected(kind="function", current=OLD, name="f")
PROMPT = Expected(current="Think.")
SOLUTION = Expected(kind="solution", current="Think.")


def said(text: str, expected: Expected = FUNCTION, finish: str = "stop"):
    return read(Completion(id="1", text=text, finish=finish), expected)


def in_tags(text: str, tag: str = "IMPROVED") -> str:
    return f"<{tag}>\n{text}\n</{tag}>"


# --- the rungs


def test_exact_tags_with_a_note() -> None:
    reply = said(f"<NOTE>\nplus\n one\n</NOTE>\n{in_tags(NEW)}")
    assert (reply.value, reply.rung, reply.flags, reply.problem) == (NEW, "tags", (), None)
    assert reply.note == "plus one"
    assert reply.response_id == "1"


def test_of_several_different_pairs_the_last() -> None:
    reply = said(in_tags("def f(x):\n    return 0") + f"\nNo, rather:\n{in_tags(NEW)}")
    assert (reply.value, reply.flags) == (NEW, ("several",))
    assert said(f"{in_tags(NEW)}\n{in_tags(NEW)}").flags == ()


@pytest.mark.parametrize(
    "text",
    [
        f"I put it between <IMPROVED> and </IMPROVED>:\n{in_tags(NEW)}",
        f"{in_tags(NEW)}\nIt stands between <IMPROVED> and </IMPROVED> as you asked.",
    ],
)
def test_tags_mentioned_in_a_sentence_are_no_pair(text: str) -> None:
    assert said(text).value == NEW
    assert said(text, PROMPT).value == NEW.rstrip()


def test_a_stray_tag_is_flagged() -> None:
    reply = said(f"Now the <IMPROVED> text.\n{in_tags(NEW)}")
    assert (reply.value, reply.flags) == (NEW, ("stray_tag",))
    assert said(f"</IMPROVED>\n{in_tags(NEW)}").flags == ("stray_tag",)


def test_a_missing_end_tag_of_a_finished_reply_is_accepted_and_flagged() -> None:
    reply = said(f"<IMPROVED>\n{NEW}")
    assert (reply.value, reply.rung, reply.flags) == (NEW, "open_tag", ("end_tag_missing",))
    fenced = said(f"<IMPROVED>\n```python\n{NEW}```\nThat should do.")
    assert fenced.value == NEW
    assert "fence_stripped" in fenced.flags


@pytest.mark.parametrize("text", [f"<IMPROVED>\n{NEW[:-8]}", "Let me think about", f"```python\n{NEW[:-8]}"])
def test_a_truncated_reply_says_so(text: str) -> None:
    reply = said(text, finish="length")
    assert reply.truncated
    assert reply.problem in ASK_AGAIN
    assert "length limit" in reply.detail
    assert reply.raw == text


def test_a_reply_that_was_cut_behind_its_text_is_whole() -> None:
    assert said(f"{in_tags(NEW)}\nBecause of the", finish="length").value == NEW


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "{{not json}} and then {} {{}}", 'x = {{"a": 1}}\n{}'])
def test_a_json_object_with_the_key(around: str) -> None:
    reply = said(around.format(json.dumps({"note": "n", "improved": NEW})))
    assert (reply.value, reply.rung) == (NEW, "json")


def test_json_may_hold_line_ends_and_braces() -> None:
    text = 'def f(x):\n    return {"a": {"b": x}}'
    assert said('{"improved": "def f(x):\n    return {}"}').value == "def f(x):\n    return {}\n"
    assert said(json.dumps({"improved": text})).value == f"{text}\n"
    assert said('{"improved": 3}').problem == "missing"
    assert said('{"other": "def f(x): pass"}').problem == "missing"


def test_a_single_block_that_defines_the_function() -> None:
    reply = said(f"Here it is:\n\n```python\n{NEW}```\nand a call:\n```python\nf(3)\n```")
    assert (reply.value, reply.rung) == (NEW, "fence")


def test_two_blocks_that_define_it_are_none() -> None:
    assert said(f"```python\n{OLD}```\n```python\n{NEW}```").problem == "missing"


def test_a_block_is_no_rung_for_a_prompt() -> None:
    assert said("```\nThink twice.\n```", PROMPT).problem == "missing"


def test_what_is_on_no_rung_keeps_its_raw_text() -> None:
    reply = said("The function looks fine to me.")
    assert (reply.problem, reply.raw, reply.value) == ("missing", "The function looks fine to me.", "")


# --- cleaning


def test_one_surrounding_fence_is_stripped_from_a_function_only() -> None:
    fence = f"```python\n{NEW}```"
    reply = said(in_tags(fence))
    assert (reply.value, reply.flags) == (NEW, ("fence_stripped",))
    assert said(in_tags(fence), PROMPT).value == fence


def test_a_fence_that_calls_a_prompt_a_text_is_stripped_where_the_old_one_had_none() -> None:
    fenced = "```markdown\nThink twice.\n\n~~~\nan example\n~~~\n```"
    reply = said(in_tags(fenced), PROMPT)
    assert (reply.value, reply.flags) == ("Think twice.\n\n~~~\nan example\n~~~", ("fence_stripped",))
    assert said(in_tags(fenced + "\nAnd more."), PROMPT).value == fenced + "\nAnd more."
    block = PROMPT.model_copy(update={"current": "```\nThink.\n```"})
    assert said(in_tags(fenced), block).value == fenced


@pytest.mark.parametrize("expected", [PROMPT, SOLUTION], ids=lambda e: e.kind)
def test_line_ends_and_a_byte_order_mark_of_the_reply_are_none_of_the_text(expected: Expected) -> None:
    assert said(in_tags("\ufeffThink\ntwice.").replace("\n", "\r\n"), expected).value == "Think\ntwice."


def test_a_method_gets_its_indentation_back() -> None:
    method = Expected(kind="function", current="    def f(self):\n        return 1\n", name="Thing.f")
    reply = said(in_tags("def f(self):\n    return 2"), method)
    assert (reply.value, reply.flags) == ("    def f(self):\n        return 2\n", ("reindented",))
    assert said(in_tags("    def f(self):\n        return 2"), method).flags == ()


def test_decorators_and_helpers_are_a_definition_too() -> None:
    helped = "import math\n\ndef g(x):\n    return math.floor(x)\n\n@staticmethod\ndef f(x):\n    return g(x)\n"
    assert said(in_tags(helped)).value == helped
    method = Expected(kind="function", current="    def f(self):\n        return 1\n", name="Thing.f")
    mixed = "import math\n\n    @property\n    def f(self):\n        return math.pi"
    assert said(in_tags(mixed), method).value == f"{mixed}\n"
    assert said(in_tags("import math\ndef f(self):\n    return math.pi"), method).value == (
        "    import math\n    def f(self):\n        return math.pi\n"
    )
    assert said(in_tags("async def f(x):\n    return 1")).ok


# --- what is turned down


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no_text"),
        (" \n ", "no_text"),
        (in_tags(""), "empty"),
        (in_tags("   \n\n"), "empty"),
        (in_tags(OLD), "noop"),
        (in_tags("def f(x):   \n    return x\n\n"), "noop"),
        (in_tags(in_tags(NEW)), "tags_inside"),
        (in_tags("def f(x):\n    return '</IMPROVED>'"), "tags_inside"),
        (in_tags("def f(x):\n    return ("), "not_python"),
        (in_tags("def f(x):\n    return '\x00'"), "not_python"),
        (in_tags("def g(x):\n    return 2"), "undefined"),
        (in_tags("x = 3"), "undefined"),
        (in_tags("class A:\n    def f(self): ..."), "undefined"),
    ],
)
def test_turned_down(text: str, problem: str) -> None:
    reply = said(text)
    assert reply.problem == problem
    assert not reply.ok
    assert reply.value == ""
    assert reply.detail
    assert reply.raw == text


def test_a_refusal_and_a_failed_call_are_answers() -> None:
    refused = read(Completion(id="1", text="I cannot", finish="refusal"), FUNCTION)
    failed = read(Completion(id="2", text="", finish="failed", reason="429 three times"), FUNCTION)
    assert (refused.problem, failed.problem) == ("refused", "failed")
    assert "429 three times" in failed.detail
    assert not {refused.problem, failed.problem, "noop"} & ASK_AGAIN


def test_what_must_be_kept() -> None:
    kept = Expected(current="Say {question}.", must_keep=("{question}", "{name}"))
    assert said(in_tags("Answer {question}, {name}."), kept).ok
    lost = said(in_tags("Answer {question}."), kept)
    assert lost.problem == "lost"
    assert "{name}" in lost.detail
    assert "{question}" not in lost.detail


def test_an_echo_of_the_request_is_no_text() -> None:
    contract = "Answer in this form:\n<IMPROVED>\nthe whole new prompt\n</IMPROVED>"
    prompt = compose(
        Section("Improve the text that stands in the tags below."),
        Section(f"{{{{value}}}}\n\n{contract}", {"value": Data("CURRENT", "Think.")}),
    )
    expected = PROMPT.model_copy(update={"instructions": prompt.instructions})
    assert said(prompt.user, expected).problem == "echo"
    assert said(in_tags("the whole\nnew prompt"), expected).problem == "echo"
    assert said(in_tags(f"Sure.\n{prompt.system}\nThink."), expected).problem == "echo"
    assert said(in_tags("Think twice."), expected).ok
    noted = compose(Section("Improve."), Section("Changed: {{note}}", {"note": "I wrote: Think twice."}))
    assert said(in_tags("Think twice."), PROMPT.model_copy(update={"instructions": noted.instructions})).ok


def test_an_echo_of_everything_is_no_text_for_a_function() -> None:
    prompt = compose(Section("Improve."), Section("{{value}}", {"value": Data("CURRENT", OLD)}), tags=["IMPROVED"])
    assert said(prompt.user).problem == "missing"
    assert said(in_tags(prompt.user)).problem == "not_python"


@pytest.mark.parametrize(
    "text",
    [
        "{" * 200_000,
        '{"improved":' * 50_000,
        "<IMPROVED>" * 100_000,
        "```\n" * 200_000,
        "```a\n" * 200_000,
        "x" * 2_000_000,
    ],
)
def test_a_huge_reply_is_read_in_no_time(text: str) -> None:
    assert not said(text).ok


def test_tagged_gives_the_last_pair() -> None:
    assert tagged("<A>one</A> <A> two </A>", "A") == "two"
    assert tagged("<A>one", "A") is None


# --- properties

_TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from(list("{}<>/`\"'\\$ \n")), st.characters(codec="utf-8", exclude_characters="\r")),
    max_size=60,
).map(lambda t: t.strip() or "x")
_TRAPS = st.sampled_from(
    ["<IMPROVED>", "</IMPROVED>", "</CURRENT>", "<IMPROVED-2>", "{{value}}", "{0}", "```", '{"improved": "no"}', ""]
)


@settings(max_examples=300)
@given(_TEXTS, _TRAPS, _TEXTS)
def test_what_is_rendered_is_read_back(before: str, trap: str, after: str) -> None:
    """A model that gives a text back in the form that was asked for is understood, whatever the text."""
    text = f"{before}{trap}{after}"
    template = "{{value}}\n\nAnswer so:\n<IMPROVED{{suffix}}>\nthe new text\n</IMPROVED{{suffix}}>"
    prompt = compose(Section("Improve."), Section(template, {"value": Data("CURRENT", text)}), tags=["IMPROVED"])
    assert text in prompt.user
    assert prompt.user.count(f"<CURRENT{prompt.suffix}>") == 1
    tag = f"IMPROVED{prompt.suffix}"
    reply = said(f"Here:\n{in_tags(text, tag)}", Expected(current="other", tag=tag))
    assert reply.value == text.rstrip()
    assert reply.ok


@given(st.text(), st.sampled_from(["stop", "length"]), st.sampled_from(["function", "prompt"]))
def test_no_reply_is_an_error_and_no_whole_reply_is_the_text(text: str, finish: str, kind: str) -> None:
    reply = read(Completion(id="1", text=text, finish=finish), Expected(kind=kind, current="a", name="f"))
    assert reply.ok == bool(reply.value)
    if reply.ok:
        assert reply.value != text
