"""Dotprompt files: front matter is no text, marks of roles make messages, what is not rendered is refused."""

from pathlib import Path

import pytest

from secant.errors import BadRequest, WriteRefused
from secant.promptfiles.opening import open_prompt
from secant.promptfiles.placeholders import placeholders
from tests.optimizers.promptfiles.prompt_zoo import ZOO, opened, texts


def test_messages_stand_behind_the_marks_of_their_roles() -> None:
    document = open_prompt(ZOO / "chef.prompt")
    system, user = document.parts
    assert (document.format, document.model) == ("Dotprompt", "googleai/gemini-2.5-flash")
    assert document.parameters == {"temperature": 0.3, "max_tokens": 200}
    assert (system.role, system.text, system.first_line) == ("system", "You are a chef who is brief.", 8)
    assert (user.role, user.text, user.first_line) == ("user", 'How is {{dish}} made? {"json": {{dish}}}', 10)
    assert [found.source for found in placeholders(user.text, user.syntax)] == ["{{dish}}", "{{dish}}"]


def test_text_before_the_first_mark_is_the_users(tmp_path: Path) -> None:
    document = opened(tmp_path, "a.prompt", b'Hello\n{{role "model"}}\nHi\n')
    assert [(part.role, part.text) for part in document.parts] == [("user", "Hello"), ("assistant", "Hi")]


def test_a_text_without_front_matter_and_marks_is_a_text(tmp_path: Path) -> None:
    document = opened(tmp_path, "a.prompt", b"Say {x} and {{y}}\n")
    assert (document.format, texts(document)) == ("text prompt", {"prompt": "Say {x} and {{y}}"})


@pytest.mark.parametrize(
    ("raw", "line", "message"),
    [
        (b"---\nmodel: x\n---\n\nSee {{json data}}\n", 5, "helpers of Handlebars are not rendered: {{json data}}"),
        (b'{{role "tool"}}\nx\n', 1, "there is no role 'tool'"),
        (b'---\nmodel: x\n---\n{{role "user"}}\n', 0, "there is no prompt text below the front matter"),
    ],
)
def test_what_is_not_understood_is_refused(raw: bytes, line: int, message: str, tmp_path: Path) -> None:
    with pytest.raises(BadRequest) as raised:
        opened(tmp_path, "a.prompt", raw)
    assert raised.value.message.startswith(message)
    assert not line or raised.value.where == f"{tmp_path / 'a.prompt'}:{line}"


def test_a_mark_in_a_new_text_is_refused(tmp_path: Path) -> None:
    document = opened(tmp_path, "a.prompt", b'{{role "user"}}\nold\n')
    with pytest.raises(WriteRefused, match="other messages"):
        document.written({"prompt": 'new\n{{role "system"}}\nmore'})
