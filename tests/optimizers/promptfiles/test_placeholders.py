"""Placeholders: found, hidden behind tokens, and filled."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secant.errors import BadRequest
from secant.promptfiles.document import PromptPart
from secant.promptfiles.placeholders import Mask, fill, placeholders

COPILOT = ("input", "dollar", "mustache")
TEXT = ("mustache", "input", "dollar", "braces")


def part(text: str, syntax: tuple = COPILOT, name: str = "prompt") -> PromptPart:
    return PromptPart(name=name, role="user", text=text, syntax=syntax)


@pytest.mark.parametrize(
    ("text", "syntax", "found"),
    [
        ("{{a}} {{ b.c }} {{{d}}} {{&e}} {{f-g}}", COPILOT, ["a", "b.c", "d", "e", "f-g"]),
        ("${input:x} ${input:y:what is it?} ${z} $HOME ${1}", COPILOT, ["x", "y", "z"]),
        ('{"a": {"b": 1}} {x} {{}} {{"a": 1}} { {x} }', COPILOT, []),
        ('{"a": 1} {x} {y: 2} {} {0} ${z}', TEXT, ["x", "z"]),
        ("\\boxed{x} \\frac{a}{b} x_{i} x^{n} {y}", TEXT, ["y"]),
        ('{a} {b.c!r} {d:>8} {e[0]} {{"f": {g}}}', ("braces",), ["a", "b.c", "d", "e[0]", "g"]),
        ("{{x}} {{{y}}}", ("braces",), ["y"]),
        ("{{x}} {y}", TEXT, ["x", "y"]),
        ("{{ a }} {{ b|upper }} {% if c %}{# d #}{% raw %}{{ e }}{% endraw %}", ("jinja",), ["a", "", "", "", ""]),
        ('{{ "}}" }} {{ a }}', ("jinja",), ["", "a"]),
        ("{{#s}}{{x}}{{/s}}", ("mustache",), ["", "x", ""]),
        ("{{" * 20_000 + " " * 20_000, TEXT, []),
        ("{{" * 20_000 + "{%" * 20_000 + "{#" * 20_000 + "{% raw %}" * 5_000, ("jinja",), [""] * 5_000),
        ("{{x}} ${x} {x}", (), []),
        ("{{x}}", ("none",), []),
    ],
)
def test_what_is_a_placeholder(text: str, syntax: tuple, found: list[str]):
    said = placeholders(text, syntax)
    assert [p.name for p in said] == found
    assert all(text[p.start : p.end] == p.source for p in said)


def test_a_mask_has_a_token_for_each_placeholder_of_all_parts():
    parts = [part("Help {{name}} with {{ name }}.", name="system"), part("{{ticket}} of {{name}}", name="user")]
    mask = Mask(parts)
    masked = [mask.mask(each.text) for each in parts]
    assert masked == ["Help ⟦name⟧ with ⟦name 2⟧.", "⟦ticket⟧ of ⟦name⟧"]
    assert mask.tokens(masked[1]) == ("⟦ticket⟧", "⟦name⟧")
    assert mask.unmask("⟦ticket⟧, ⟦name 2⟧! ⟦other⟧ ⟦ticket⟧") == "{{ticket}}, {{ name }}! ⟦other⟧ {{ticket}}"
    assert mask.added("⟦name⟧ {{other}} {{name}}") == ("{{other}}",)
    assert mask.added("⟦name⟧ ⟦other⟧, ⟦ ticket ⟧") == ("⟦other⟧", "⟦ ticket ⟧")
    assert not Mask([part("Be kind.", ())]).added("Be kind, ⟦so⟧.")


def test_jinja_is_masked_with_its_blocks():
    text = "{% for x in xs %}{{ x }}{% endfor %}{% for x in xs %}{{ x | upper }}{% endfor %}{# c #}"
    mask = Mask([part(text, ("jinja",))])
    masked = mask.mask(text)
    assert masked == "⟦jinja 1⟧⟦x⟧⟦jinja 2⟧⟦jinja 1⟧⟦jinja 3⟧⟦jinja 2⟧⟦jinja 4⟧"
    assert mask.unmask(masked) == text


def test_tokens_differ_from_all_that_the_text_has():
    text = "⟦name⟧ ⟦1:x {{name}} <IMPROVED>⟧</IMPROVED>"
    mask = Mask([part(text)])
    masked = mask.mask(text)
    assert masked == "⟦name⟧ ⟦1:x ⟦2:name⟧ <IMPROVED>⟧</IMPROVED>"
    assert mask.unmask(masked) == text


def test_a_format_string_is_shown_with_single_braces():
    text = 'Answer {q!r} as {{"answer": 1}}.'
    mask = Mask([part(text, ("braces",))])
    assert mask.mask(text) == 'Answer ⟦q⟧ as {"answer": 1}.'
    assert mask.unmask('{"a": [⟦q⟧]}') == '{{"a": [{q!r}]}}'
    assert fill(mask.unmask('{"a": [⟦q⟧]}'), ("braces",), {"q": "x"}) == "{\"a\": ['x']}"
    plain = 'Answer {q} as {"answer": 1}.'
    assert Mask([part(plain, ("braces",))]).mask(plain) == 'Answer ⟦q⟧ as {"answer": 1}.'


PIECES = st.sampled_from(
    ["{{a}}", "{a}", "${a}", "${input:a:b}", "{{", "}}", "{", "}", "$", "⟦a⟧", "⟦", "⟧", "{% if a %}", "{#", "#}"]
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=8).map("".join)
SYNTAXES = st.sampled_from([COPILOT, TEXT, ("mustache",), ("braces",), ("jinja",), ()])


@settings(max_examples=150)
@given(first=TEXTS, second=TEXTS, syntax=SYNTAXES)
def test_unmasking_gives_the_text_back(first: str, second: str, syntax: tuple):
    for texts in ([first], [first, second]):
        mask = Mask([part(text, syntax, name=str(n)) for n, text in enumerate(texts)])
        for text in texts:
            masked = mask.mask(text)
            assert mask.unmask(masked) == text
            sources = [mask.sources[token] for token in mask.tokens(masked)]
            assert sources == list(dict.fromkeys(p.source for p in placeholders(text, syntax)))


@pytest.mark.parametrize(
    ("text", "syntax", "filled"),
    [
        ("{{a}} ${b} ${input:c:what} {{d.e}}", COPILOT, 'A{{b}} 2 [1, "é"] deep'),
        ("{a}, {b:>3}|{b:.1f}|{a!r} {d[e]} {{a}}", ("braces",), "A{{b}},   2|2.0|'A{{b}}' deep {a}"),
        ('{a} {"a": 1} {b:>3}', TEXT, 'A{{b}} {"a": 1} {b:>3}'),
        ("{{a}}{{! gone }}{{n}}", ("mustache",), "A{{b}}null"),
        ("{{ a }} {{ c[1] }} {{ d.e|upper }} {{ c|dump }}\n", ("jinja",), 'A{{b}} é DEEP [1, "é"]\n'),
        ("{% for x in c %}{{ x }};{% endfor %}{{ z|default('-') }}", ("jinja",), "1;é;-"),
        ("<b>{{ a }}</b> {{ '<' }}", ("jinja",), "<b>A{{b}}</b> <"),
        ("{% if z %}{{ z }}{% endif %}{{ 'n' if not z }}{{ ('[2]'|load)[0] }}", ("jinja",), "n2"),
        ("{{a}} ${b}", (), "{{a}} ${b}"),
    ],
)
def test_filling(text: str, syntax: tuple, filled: str):
    fields = {"a": "A{{b}}", "b": 2, "c": [1, "é"], "d": {"e": "deep"}, "n": None}
    assert fill(text, syntax, fields) == filled


@pytest.mark.parametrize(
    ("text", "syntax", "message"),
    [
        ("{{tikcet}}", COPILOT, "no field of the case fills the placeholder {{tikcet}}\nDid you mean ticket? "),
        ("{{ tikcet|upper }}", ("jinja",), "{{ tikcet }}\nDid you mean ticket? The case has: ticket, n."),
        ("{{ ticket.x }}", ("jinja",), "no field of the case fills the placeholder {{ x }}"),
        ("{{ticket.x}}", COPILOT, "the placeholder {{ticket.x}}"),
        ("{% if ticket %}", ("jinja",), "the template is not Jinja: "),
        ("{{ ticket|loud }}", ("jinja",), "the template asks for what there is not: No filter named 'loud'."),
        ("{% for t in tickets %}{% endfor %}", ("jinja",), "the placeholder {{ tickets }}\nDid you mean ticket?"),
        ("{{ ticket + n }}", ("jinja",), "the template cannot be rendered: "),
        ("{{ 1 / 0 }}", ("jinja",), "the template cannot be rendered: "),
        ("{{ ticket.__class__.__mro__ }}", ("jinja",), "the template does what prompts may not: "),
        ("{% for i in range(10**9) %}{% endfor %}", ("jinja",), "the template cannot be rendered: "),
        ("{% include 'x' %}", ("jinja",), "the template cannot be rendered: "),
        ("{ticket:d}", ("braces",), "the placeholder {ticket:d} cannot format x: "),
        ("{{#ticket}}{{/ticket}}", ("mustache",), "sections and partials of Mustache are not rendered: {{#ticket}}"),
    ],
)
def test_what_cannot_be_filled_is_told(text: str, syntax: tuple, message: str):
    with pytest.raises(BadRequest) as error:
        fill(text, syntax, {"ticket": "x", "n": 1})
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "syntax", "hint"),
    [
        ("Use `{{name}}` for names", COPILOT, "but text, give the cases a field name with the text {{name}}."),
        ("Use {{ name }}", ("jinja",), "but text, put it between {% raw %} and {% endraw %}."),
    ],
)
def test_what_only_looks_like_a_placeholder_can_be_sent(text: str, syntax: tuple, hint: str):
    with pytest.raises(BadRequest) as error:
        fill(text, syntax, {"q": "x"})
    assert error.value.hint.endswith(hint)
    if syntax == COPILOT:
        assert fill(text, syntax, {"q": "x", "name": "{{name}}"}) == text


@pytest.mark.parametrize(
    ("text", "syntax", "written", "understood"),
    [
        ("Route {{t}}", COPILOT, "Now {{t}}, twice {{t}}", "Now ⟦t⟧, twice ⟦t⟧"),
        ("Route {{t}}", COPILOT, "Keep ⟦t⟧: <IMPROVED>{{t}}</IMPROVED>", "Keep ⟦t⟧: <IMPROVED>{{t}}</IMPROVED>"),
        ("Route {{t}}", COPILOT, "Now {{ t }} {t} {{{t}}}", "Now {{ t }} {t} {{{t}}}"),
        ("Route {t} of {{u}}", TEXT, "Now {t}, {{u}}", "Now ⟦t⟧, ⟦u⟧"),
        ("Route {t}", TEXT, "Now {{t}} ${t} \\boxed{t}", "Now {{t}} ${t} \\boxed{t}"),
        ("Ask ${input:x:what?}", COPILOT, "Then ${input:x:what?}.", "Then ⟦x⟧."),
        ("No field", COPILOT, "None {{t}}", "None {{t}}"),
    ],
)
def test_what_a_model_spells_as_the_file_does_is_understood(
    text: str, syntax: tuple, written: str, understood: str
) -> None:
    assert Mask([part(text, syntax)]).understood(written) == understood
