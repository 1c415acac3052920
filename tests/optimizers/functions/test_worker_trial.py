"""A trial's record: whole at every moment, so that the death of a child costs one test's verdict only."""

import json
import os

from secant.functions.worker.children import Ended
from secant.functions.worker.processes import Ending
from secant.functions.worker.trial import Trial, outcome_of

RESULT = {"id": "a", "outcome": "passed", "seconds": 0.1}


def ended(record: dict[str, object] | None, status: int = 0, reason: str = "ended") -> Ended:
    payload = json.dumps(record).encode() if record is not None else None
    return Ended(payload, Ending(status, reason, 2.0))


def test_a_record_that_is_done_is_believed() -> None:
    record = outcome_of(ended({"results": [RESULT], "done": True}))
    assert record["results"] == [RESULT]
    assert "death" not in record


def test_the_running_test_dies_with_its_child() -> None:
    record = outcome_of(
        ended({"results": [RESULT], "done": False, "running": "b", "reached": True}, status=os.WNOHANG + 10)
    )
    assert record["death"] == "crash"
    died = record["results"][1]
    assert (died["id"], died["outcome"], died["reached"]) == ("b", "crash", True)
    assert died["message"] == "killed by SIGSEGV"


def test_a_child_that_was_killed_for_its_time_timed_out() -> None:
    record = outcome_of(ended({"results": [], "done": True, "running": "a"}, status=9, reason="timeout"))
    assert (record["death"], record["results"][0]["outcome"]) == ("timeout", "timeout")
    assert "2.0 s" in record["message"]


def test_without_a_record_nothing_is_known() -> None:
    record = outcome_of(ended(None, status=3 << 8))
    assert (record["results"], record["death"], record["message"]) == ([], "crash", "exited with status 3")


def test_every_write_is_whole() -> None:
    written: list[dict[str, object]] = []
    trial = Trial(lambda data: written.append(json.loads(data)), "module.py")
    trial.reach()
    trial.run([], stop_at_failure=False)
    trial.fail("parse", "line 3: invalid syntax \ud800")
    assert [record["done"] for record in written] == [False, True, True]
    assert written[0] == {"results": [], "done": False, "reached": True}
    assert written[-1]["error"] == "parse"
