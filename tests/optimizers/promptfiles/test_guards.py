"""What a new version of a prompt may not do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from secant.promptfiles.document import PromptPart
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.guards import Copies, Guards, guarded, limit, limited, size
from secant.promptfiles.program import Program

LONG = "The quick brown fox jumps over the lazy dog and sleeps"


def row(identity: str, text: str, expected: str = "x") -> Row:
    return Row(id=identity, path="data.jsonl", line=1, fields={"input": text}, expected=expected)


def test_eight_words_in_a_row_are_a_copy() -> None:
    copies = Copies([row("7", LONG)], allowed=())
    assert copies.first("Note: quick BROWN fox, jumps over the lazy dog!").row == "7"
    assert copies.first("the quick brown fox jumps over the cat") is None


def test_a_short_case_is_copied_when_all_of_it_is_there() -> None:
    copies = Copies([row("1", "refund my last order"), row("2", "hello there")], allowed=())
    assert copies.first("As in: Refund my last order.").words == "refund my last order"
    assert copies.first("Refund my order. Hello there.") is None


def test_what_the_prompt_had_already_is_no_copy() -> None:
    assert Copies([row("1", LONG)], allowed=[f"For example: {LONG}"]).first(LONG) is None


def test_answers_are_cases_too() -> None:
    assert Copies([row("1", "hi", expected=LONG)], allowed=()).first(f"Say: {LONG}") is not None


def test_a_label_that_several_cases_have_may_be_named() -> None:
    label = "Billing and payment issue"
    alone = Copies([row("1", "hi", expected=label), row("2", "ho", expected="Other")], allowed=())
    assert alone.first(f"Say: {label}").row == "1"
    shared = Copies([row(str(n), f"ticket {n}", expected=label) for n in range(2)], allowed=())
    assert shared.first(f"Say: {label}") is None


def test_a_copy_is_found_in_writing_without_spaces() -> None:
    copies = Copies([row("1", "我上周买的耳机左边没有声音了"), row("2", "我要退款")], allowed=())
    assert copies.first("例如：上周买的耳机左边没有。").words == "上周买的耳机左边没"
    assert copies.first("耳机没有声音, 我要退款") is None


def test_with_demonstrations_only_the_other_splits_are_guarded() -> None:
    fit, other = row("1", LONG), row("2", "another rather long case that nobody may ever copy")
    assert [r.id for r in guarded([fit], [other], 0)] == ["1", "2"]
    assert [r.id for r in guarded([fit], [other], 3)] == ["2"]


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), min_size=8, max_size=40), st.integers(0, 30))
def test_every_run_of_a_case_is_found_wherever_it_stands(words: list[str], at: int) -> None:
    start = at % (len(words) - 7)
    copied = " ".join(words[start : start + 8])
    assert Copies([row("1", " ".join(words))], allowed=()).first(f"before {copied} behind") is not None


def test_a_prompt_may_double_and_small_ones_have_room() -> None:
    program = Program([PromptPart(name="prompt", role="user", text="word " * 400)])
    seed = program.artifact()
    assert limit(seed, None, 0) == 2 * size(seed)
    guards = Guards(seed, program.mask, Copies([], allowed=()), limit(seed, None, 0))
    assert not guards(seed.with_text("word " * 800))
    assert "are the limit" in guards(seed.with_text("word " * 801))
    small = Program([PromptPart(name="prompt", role="user", text="word")]).artifact()
    assert limit(small, None, 0) == 400
    assert limit(small, None, 4) > 400
    assert limit(small, 7, 4) == 7


def test_the_limit_is_among_what_a_version_must_keep_to() -> None:
    seed = Program([PromptPart(name="prompt", role="user", text="word")]).artifact()
    assert limited(seed, 100).parts[0].constraints == ("the whole prompt has at most 60 words",)
    assert limited(seed, 100).id == seed.id


def test_a_prompt_beyond_its_limit_may_stay_but_not_grow() -> None:
    program = Program([PromptPart(name="prompt", role="user", text="word " * 400)])
    guards = Guards(program.artifact(), program.mask, Copies([], allowed=()), 100)
    assert not guards(program.artifact())
    assert guards(program.artifact().with_text("word " * 401))
