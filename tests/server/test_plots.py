"""The picture of a trajectory shows the values where they belong, in a light theme and in a dark one."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secant_server.plots import Point, Trajectory, describe, plot
from secant_server.svg import COLOURS, data_uri
from tests.server.golden.compare import assert_golden

SVG = "{http://www.w3.org/2000/svg}"
CLIMB = Trajectory(
    measure="speed",
    candidates=48,
    original=1.0,
    best=[Point(3, 1.3), Point(11, 1.8), Point(30, 2.31)],
    survivors=[Point(3, 1.3), Point(7, 1.1), Point(9, 0.8), Point(11, 1.8), Point(30, 2.31), Point(41, 2.2)],
    turned_down=[1, 2, 4, 5, 12, 13, 20, 33, 45],
)
REPAIR = Trajectory("tests", 126, 4, [Point(64, 9)], [Point(64, 9)], [n for n in range(1, 127) if n != 64], 9)


def drawn(trajectory: Trajectory) -> ET.Element:
    return ET.fromstring(plot(trajectory))


def texts(trajectory: Trajectory) -> list[str]:
    return [element.text or "" for element in drawn(trajectory).iter(f"{SVG}text")]


def dots(trajectory: Trajectory) -> list[tuple[float, float]]:
    """Without the one in the legend."""
    circles = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in drawn(trajectory).iter(f"{SVG}circle")]
    return [(x, y) for x, y in circles if y > 30]


def test_the_pictures() -> None:
    assert_golden("plot-climb.svg", plot(CLIMB) + "\n")
    assert_golden("plot-repair.svg", plot(REPAIR) + "\n")


def test_the_axes_say_what_they_show() -> None:
    assert {"tests passed", "candidates evaluated", "best so far", "9/9"} <= set(texts(REPAIR))
    assert {"speed, original = 1x", "candidates evaluated", "2.31x", "1x", "2x"} <= set(texts(CLIMB))
    assert "turned down" not in texts(CLIMB._replace(turned_down=()))
    assert "passed every stage" not in texts(CLIMB._replace(survivors=()))


def test_dots_lie_in_the_order_of_their_values() -> None:
    places = dots(CLIMB)
    by_value = sorted(CLIMB.survivors, key=lambda point: point.value)
    assert len(places) == len(by_value)
    assert [y for _, y in sorted(places)] != sorted(y for _, y in places)
    by_candidate = dict(zip(sorted(p.at for p in CLIMB.survivors), sorted(places), strict=True))
    heights = [by_candidate[point.at][1] for point in by_value]
    assert heights == sorted(heights, reverse=True)


def test_the_step_line_goes_through_every_new_best() -> None:
    (line,) = (p.get("d", "") for p in drawn(CLIMB).iter(f"{SVG}path") if p.get("stroke") == COLOURS["best"])
    corners = [(float(x), float(y)) for x, y in re.findall(r"H([\d.]+)V([\d.]+)", line)]
    assert corners == [
        place for point, place in zip(CLIMB.survivors, sorted(dots(CLIMB)), strict=True) if point in CLIMB.best
    ]


finite = st.floats(min_value=1e-9, max_value=1e9)
points = st.lists(st.builds(Point, st.integers(1, 100_000), finite), max_size=5)


@settings(max_examples=40)
@given(
    st.builds(
        Trajectory,
        measure=st.sampled_from(["tests", "speed"]),
        candidates=st.integers(0, 100_000),
        original=finite,
        best=points,
        survivors=points,
        turned_down=st.lists(st.integers(1, 100_000), max_size=20),
        most=st.none() | st.integers(1, 10_000),
    )
)
def test_any_trajectory_stays_within_the_picture(trajectory: Trajectory) -> None:
    picture = drawn(trajectory)
    width, height = float(picture.get("width", 0)), float(picture.get("height", 0))
    for element in picture.iter():
        for name, most in (
            ("x", width),
            ("x1", width),
            ("x2", width),
            ("cx", width),
            ("y", height),
            ("y1", height),
            ("cy", height),
        ):
            assert 0 <= float(element.get(name, 0)) <= most
    labels = [t for t in texts(trajectory) if t]
    assert len(labels) <= 7 + 8 + 6


def test_a_hundred_thousand_candidates_are_a_small_picture() -> None:
    assert len(plot(CLIMB._replace(candidates=100_000, turned_down=range(1, 100_000)))) < 15_000


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("page", ["#ffffff", "#1e1e1e"], ids=["light", "dark"])
@pytest.mark.parametrize("name", COLOURS)
def test_every_colour_is_seen_on_a_light_page_and_on_a_dark_one(name: str, page: str) -> None:
    light, dark = sorted((luminance(COLOURS[name]), luminance(page)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= (4.0 if name == "text" else 3.0)
    used = set(re.findall(r"#[0-9a-f]{6}", plot(CLIMB)))
    assert used <= set(COLOURS.values())


def test_the_address_holds_the_picture() -> None:
    kind, _, data = data_uri(plot(REPAIR)).partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == plot(REPAIR)


def test_the_picture_in_words() -> None:
    assert describe(REPAIR) == "Best so far (tests passed) over 126 candidates: from 4 to 9 after 64"
    assert describe(CLIMB) == "Best so far (speed) over 48 candidates: from 1x to 2.31x after 30"
    nothing = Trajectory("tests", 1, 4, most=9)
    assert describe(nothing) == "Best so far (tests passed) over 1 candidate: from 4 to nothing better"
    assert drawn(REPAIR).findtext(f"{SVG}title") == describe(REPAIR)
