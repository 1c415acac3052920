"""The buttons above a function, as an editor gets them."""

from __future__ import annotations

import json

import pytest

from secant_server.lenses import lenses
from secant_server.views import LensMode, Shown
from tests.server.golden.compare import assert_golden
from tests.server.golden.samples import BASE, EDITED, NEW, PLAIN, TEXT, proposal, run, shown


def told(document: Shown) -> str:
    """One line for each lens: where it stands, its title, its command."""
    made = ""
    for lens in lenses(document):
        assert lens.range.start == lens.range.end and lens.range.start.character == 0
        assert lens.command is not None
        line = document.text.split("\n")[lens.range.start.line].strip()
        made += f"{line}  |  {lens.command.title}  |  {lens.command.command} {json.dumps(lens.command.arguments)}\n"
    return made


STATES = {
    "ready": shown(proposals=[proposal()]),
    "ready, portable": shown(proposals=[proposal()], client=PLAIN),
    "not confirmed": shown(proposals=[proposal(confirmed=False)]),
    "running": shown(proposals=[proposal()], running=[run()]),
    "just begun": shown(running=[run(evaluations=0, best="")]),
    "stale": shown(EDITED, [proposal()]),
    "every function": shown(proposals=[proposal()], lens_mode="functions"),
}


def test_the_lenses_of_each_state() -> None:
    assert_golden("lenses.txt", "\n".join(f"{state}:\n{told(document)}" for state, document in STATES.items()))


@pytest.mark.parametrize(
    "document",
    [
        shown(),
        shown(TEXT.replace(BASE, NEW), [proposal()]),
        shown(proposals=[proposal()], decisions={proposal().id: "rejected"}),
        shown("def broken(:\n", [proposal()]),
        shown("", [proposal()]),
        shown(proposals=[proposal()], running=[run()], declined="never saved"),
    ],
    ids=["nothing", "applied", "rejected", "broken", "empty", "declined"],
)
def test_no_lens_where_there_is_nothing_to_decide(document: Shown) -> None:
    assert lenses(document) == []


def test_lenses_can_be_turned_off() -> None:
    off: LensMode = "off"
    assert lenses(shown(proposals=[proposal()], running=[run()], lens_mode=off)) == []


def test_a_lens_moves_with_its_function() -> None:
    above = shown(f"import os\n\n{TEXT}", [proposal()])
    assert {lens.range.start.line for lens in lenses(above)} == {11}


def test_a_run_has_one_line_of_lenses_though_getter_and_setter_share_the_name() -> None:
    assert {lens.range.start.line for lens in lenses(shown(running=[run()]))} == {9}
