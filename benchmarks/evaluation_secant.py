"""The cases of `evaluation_task` through Secant: through its gateway alone, and as `secant eval` judges them.

The models are opened as those of a run are: a capped budget, the cache's file, a journal in which each call stands
before its answer is used.

    python -m benchmarks.evaluation_secant WAY ADDRESS CASES AT-ONCE CORE
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.evaluation_task import EXPECTED, KEY, MODEL, PROMPT, Clock, messages, ticket
from benchmarks.machine_run import KEY_VARIABLE
from secant.budget import Budget, Limits
from secant.cancellation import Cancellation
from secant.config import EvalRequest, Models
from secant.history import History
from secant.journal import Recorder, RunStore, new_run_id
from secant.modelling import ModelSession
from secant.models.contract import ModelSettings
from secant.optimizer import LanguageModel
from secant.promptfiles.evaluator import PromptEvaluator
from secant.promptfiles.metrics.choosing import Surroundings, metric_for
from secant.promptfiles.program import Program
from secant.promptfiles.running import Runner
from secant.promptfiles.subject import find_prompt


def request(folder: Path, address: str, cases: int, at_once: int) -> EvalRequest:
    """What `secant eval` is asked, with the prompt and its cases written into the folder."""
    (folder / "route.txt").write_text(PROMPT + "\n", encoding="utf-8")
    rows = (json.dumps({"input": ticket(number), "expected": EXPECTED}) for number in range(cases))
    (folder / "route.eval.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    settings = ModelSettings(model=MODEL, base_url=address, key_variable=KEY_VARIABLE)
    return EvalRequest(
        target="route.txt",
        folder=folder,
        metric="contains",
        models=Models(levels={"program": settings}, concurrency=at_once),
        max_calls=2 * cases,
    )


@contextmanager
def opened(asked: EvalRequest) -> Generator[LanguageModel]:
    """The models of a run, after one answer."""
    store, run, history = RunStore(asked.folder), new_run_id(), History()
    recorder = Recorder(run, store.create(run))
    session = ModelSession(
        asked.models,
        asked.folder / ".secant",
        request={},
        seed=asked.seed,
        recorder=recorder,
        history=history,
        cancellation=Cancellation(),
        environment={**os.environ, KEY_VARIABLE: KEY},
    )
    with session.open(Budget(Limits(calls=asked.max_calls))) as model:
        assert model is not None
        model.complete("program", [{"role": "user", "content": "warm"}])
        yield model
    recorder.close()


def by_gateway(asked: EvalRequest, cases: int) -> Mapping[str, Any]:
    """Requests in, answers out."""
    with opened(asked) as model:
        clock = Clock()
        answers = model.within("cases").complete_many("program", [messages(number) for number in range(cases)])
        return clock.told(sum(EXPECTED in answer.text for answer in answers))


def by_evaluator(asked: EvalRequest, cases: int) -> Mapping[str, Any]:
    """From the rows of the file to the score of each."""
    subject = find_prompt(asked)
    program = Program(subject.document.parts)
    metric = metric_for(asked.metric, data=subject.data, surroundings=Surroundings(asked.folder))
    splits = {"fit": (), "select": subject.data.rows, "report": ()}
    with opened(asked) as model:
        clock = Clock()
        evaluator = PromptEvaluator(
            Runner(program, metric), program.artifact(), splits, searching=model, confirming=model
        )
        return clock.told(sum(result.score == 1 for result in evaluator.baseline().results))


WAYS: Mapping[str, Callable[[EvalRequest, int], Mapping[str, Any]]] = {
    "secant-gateway": by_gateway,
    "secant": by_evaluator,
}


def main(way: str, address: str, cases: str, at_once: str, core: str) -> None:
    os.sched_setaffinity(0, {int(core)})
    with tempfile.TemporaryDirectory() as folder:
        asked = request(Path(folder).resolve(), address, int(cases), int(at_once))
        print(json.dumps(WAYS[way](asked, int(cases))))


if __name__ == "__main__":
    main(*sys.argv[1:6])
