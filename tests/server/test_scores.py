"""Which of several scores is told of a prompt."""

from __future__ import annotations

from pathlib import Path

from secant_server.scores import Known, Measured, known


def test_the_most_telling_score() -> None:
    text = "Sort it."
    old = Measured(
        run="a", path=Path("a"), name="a", text=text, share=0.5, n=12, given="d", metric="exact", model="m", created=1
    )
    few = old.model_copy(update={"run": "b", "n": 4, "created": 2.0})
    for way in ({"given": "e"}, {"metric": "numeric"}, {"model": "n"}, {"n": 12}, {"text": "Sort them."}):
        new = few.model_copy(update=way)
        assert known([old, new], "a", new.text) == Known(new, current=True), way
    for way in ({}, {"metric": ""}):  # a run that broke off does not tell it
        assert known([old, few.model_copy(update=way)], "a", text) == Known(old, current=True), way
    assert known([old, few], "a", "Sort!") == Known(old, current=False)
    assert known([old], "b", text) is None
