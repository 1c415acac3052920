"""What a model is asked for one row of the data."""

from __future__ import annotations

from secant.promptfiles.document import PromptPart
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.program import Program

ROW = Row(
    id="1",
    path="gsm8k.jsonl",
    line=1,
    fields={"input": "How many are 3 and 4?", "solution": "3 + 4 = 7\n#### 7"},
    expected=7,
)


def test_a_prompt_without_placeholders_is_followed_by_the_input_and_not_by_the_solution() -> None:
    program = Program([PromptPart(name="prompt", role="user", text="Reckon.")])
    system, user = program.messages(program.artifact(), ROW)
    assert system == {"role": "system", "content": "Reckon."}
    assert user["role"] == "user"
    assert "How many are 3 and 4?" in user["content"]
    assert "#### 7" not in user["content"]


def test_a_placeholder_is_filled_with_its_field_alone() -> None:
    program = Program([PromptPart(name="prompt", role="user", text="Reckon: {{input}}", syntax=("mustache",))])
    (user,) = program.messages(program.artifact(), ROW)
    assert user == {"role": "user", "content": "Reckon: How many are 3 and 4?"}
