"""The picture of how a model's versions moved: every measurement in its place, gaps where nothing was measured."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from secant.events import Event, Updated
from secant.types import Evolution
from secant_server.curves import HEAD, Step, curves, describe, row
from secant_server.reports import report
from secant_server.svg import COLOURS
from tests.server.golden import runs
from tests.server.golden.compare import assert_golden

SVG = "{http://www.w3.org/2000/svg}"
STEPS = [
    Step(3, Evolution(step_size=0.4, fixed=2, score_change=0.5, response_change=0.6, sensitivity=1.25, accepted=True,
         regime="progressing")),
    Step(4, Evolution(step_size=0.1, broken=1, score_change=-0.25, response_change=0.3, sensitivity=2.5, bend=-0.75,
         regime="oscillating")),
    Step(5, Evolution(step_size=0.2, regime="regressing")),
    Step(6, Evolution(step_size=0.05, score_change=0.0, response_change=0.0, sensitivity=0.0, regime="stagnating")),
]  # fmt: skip


def drawn(steps: list[Step]) -> ET.Element:
    return ET.fromstring(curves(steps))


def dots(steps: list[Step]) -> list[tuple[float, float, bool]]:
    """Without those of the legend: where, and whether filled."""
    circles = list(drawn(steps).iter(f"{SVG}circle"))[2:]
    return [(float(c.get("cx", 0)), float(c.get("cy", 0)), c.get("fill") != "none") for c in circles]


def test_the_picture() -> None:
    assert_golden("curves.svg", curves(STEPS) + "\n")


def test_what_was_not_measured_is_a_gap() -> None:
    found = dots(STEPS)
    assert len(found) == 4 + 3 + 3 + 3 + 1  # the second difference needs two measured steps
    assert [filled for _, _, filled in found[:4]] == [True, False, False, False]


def test_more_is_higher_and_nothing_is_on_the_line() -> None:
    changed = [y for _, y, _ in dots(STEPS)[:4]]
    sizes = [step.evolution.step_size for step in STEPS]
    assert sorted(range(4), key=changed.__getitem__) == sorted(range(4), key=lambda n: -sizes[n])
    score = [y for _, y, _ in dots(STEPS)[4:7]]
    assert score[0] < score[2] < score[1]  # 0.5, 0, -0.25


def test_regimes_are_words_where_there_is_room_and_letters_where_not() -> None:
    words = [t.text for t in drawn(STEPS).iter(f"{SVG}text")]
    assert {"progressing", "oscillating", "regressing", "stagnating"} <= set(words)
    many = [step._replace(number=n) for n, step in enumerate(STEPS * 5)]
    letters = [t.text for t in drawn(many).iter(f"{SVG}text") if t.text in {"p", "o", "r", "s"}]
    assert len(letters) == 20
    assert len([t for t in drawn(many).iter(f"{SVG}text") if (t.text or "").isdecimal()]) <= 20 + 5


def test_the_picture_in_words() -> None:
    said = "How the versions moved over 4 steps of a model: 3 progressing, 4 oscillating, 5 regressing, 6 stagnating"
    assert describe(STEPS) == said
    assert drawn(STEPS).findtext(f"{SVG}title") == said


def test_the_numbers_are_there_to_be_read() -> None:
    assert len(row(STEPS[0])) == len(HEAD)
    assert row(STEPS[1]) == [
        "4 (turned down)",
        "0.10",
        "-0.25",
        "0.30",
        "2.50",
        "-0.75",
        "0 fixed, 1 broken",
        "oscillating",
    ]
    assert row(STEPS[2]) == ["5 (turned down)", "0.20", "", "", "", "", "", "regressing"]


def test_its_colours_are_those_of_all_pictures() -> None:
    assert set(re.findall(r"#[0-9a-f]{6}", curves(STEPS))) <= set(COLOURS.values())


finite = st.none() | st.floats(min_value=-1e6, max_value=1e6)
evolutions = st.builds(
    Evolution,
    step_size=st.floats(0, 1e6),
    score_change=finite,
    response_change=finite,
    sensitivity=finite,
    bend=finite,
    accepted=st.booleans(),
    regime=st.sampled_from([None, "progressing", "stagnating", "oscillating", "regressing"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(evolutions, min_size=1, max_size=40))
def test_any_evolution_stays_within_the_picture(found: list[Evolution]) -> None:
    picture = drawn([Step(number, each) for number, each in enumerate(found)])
    width, height = float(picture.get("width", 0)), float(picture.get("height", 0))
    for element in picture.iter():
        for name, most in (("x", width), ("x1", width), ("x2", width), ("cx", width), ("y", height), ("cy", height)):
            assert 0 <= float(element.get(name, 0)) <= most


def test_a_report_shows_it_where_a_model_was_measured() -> None:
    told: list[Event] = [Updated(step=s.number, state={}, evolution=s.evolution) for s in STEPS]
    page = report([*runs.repair()[:-2], *runs.stamped(*told)])
    assert "## How the model's versions moved" in page
    assert f"![{describe(STEPS)}](data:image/svg" in page
    assert "The score is the share of cases passed" in page
    assert "| 4 (turned down) | 0.10 | -0.25 |" in page
    assert "## How the model" not in report(runs.repair())
