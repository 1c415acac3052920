"""Texts of others become Markdown that shows them letter for letter and does nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from secant_server import markdown

NASTY = st.text(alphabet="ab1 `|\\*_<>[]()#-+=!&~$.:\n\r\té😋\u2028")
RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def read(page: str) -> str:
    """What a reader sees of the page. Markup, HTML or a link, which a text of others must not become, fails."""
    seen: list[str] = []
    for token in RENDERER.parse(page):
        assert token.type in {"paragraph_open", "paragraph_close", "inline"} or token.type.startswith(TABLE), token
        for inner in token.children or ():
            assert inner.type in {"text", "code_inline", "text_special"}, inner
            seen.append(inner.content)
    return "".join(seen)


TABLE = ("table_", "thead_", "tbody_", "tr_", "th_", "td_")


def flat(text: str) -> str:
    return " ".join(text.split())


@given(NASTY)
def test_escaped_text_is_read_letter_for_letter(text: str) -> None:
    assert read(markdown.escaped(text)) == flat(text)


@given(NASTY)
def test_a_sentence_is_read_letter_for_letter_but_for_the_backticks_of_its_names(text: str) -> None:
    assert read(markdown.prose(text)).replace("`", "").split() == flat(text).replace("`", "").split()


@given(NASTY)
def test_code_is_read_letter_for_letter(text: str) -> None:
    assert read(markdown.code(text)) == flat(text)


@given(st.lists(st.tuples(NASTY, NASTY), min_size=1, max_size=3))
def test_a_table_is_read_cell_by_cell(rows: list[tuple[str, str]]) -> None:
    made = markdown.table(("h", "h"), [(markdown.code(x), markdown.escaped(y)) for x, y in rows])
    assert read(made) == "hh" + "".join(flat(x) + flat(y) for x, y in rows)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("order_total is 2.3x", "order_total is 2.3x"),
        ("_private_ and *stars*", r"\_private\_ and \*stars\*"),
        ("<script>alert(1)</script>", r"\<script>alert(1)\</script>"),
        ("[a](b)", r"\[a\](b)"),
        ("a &lt; b & c", r"a \&lt; b & c"),
        ("1. first", r"1\. first"),
        ("- item", r"\- item"),
        ("# head", r"\# head"),
        ("> quote", r"\> quote"),
        ("--- a/x", r"\--- a/x"),
        ("one\n\n# two", "one # two"),
        ("a `b` c", r"a \`b\` c"),
        ("see https://x.org", "see https\u200b://x.org"),
        (r"C:\new", r"C:\\new"),
    ],
)
def test_markup_is_escaped(text: str, shown: str) -> None:
    assert markdown.escaped(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`amount` becomes `goods`", "`amount` becomes `goods`"),
        ("`a_*` and _b_", "`a_*` and \\_b\\_"),
        ("an odd ` one", r"an odd \` one"),
        ("`` empty", r"\`\` empty"),
        ("two ` 1`", r"two \` 1\`"),
        ("`<b>`<b>", r"`<b>`\<b>"),
    ],
)
def test_names_between_backticks_become_code(text: str, shown: str) -> None:
    assert markdown.prose(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("f(x)", "`f(x)`"), ("a`b", "``a`b``"), ("`a`", "`` `a` ``"), ("a\nb", "`a b`"), ("", ""), ("  ", "")],
)
def test_code_holds_any_text(text: str, shown: str) -> None:
    assert markdown.code(text) == shown
    assert markdown.code("x" * 300, 10) == f"`{'x' * 9}…`"


@given(NASTY)
def test_a_fence_is_longer_than_any_inside(text: str) -> None:
    first, *_, last = markdown.fenced(text, "diff").split("\n")
    assert first == f"{last}diff" and set(last) == {"`"} and len(last) >= 3
    assert last not in text


def test_html_is_escaped() -> None:
    assert markdown.html('<a href="x">&\x00\n') == "&lt;a href=&quot;x&quot;&gt;&amp;"
    assert markdown.details("a < b", "body") == "<details>\n<summary>a &lt; b</summary>\n\nbody\n\n</details>"
