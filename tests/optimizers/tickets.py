"""A prompt that sorts tickets, small enough to be judged here: a queue is found where the prompt names it.

Fit, select and report cases are different ones. `asked` counts (prompt, case) pairs, so a test sees what was paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from secant.types import Artifact, Case, CaseResult, Evaluation, Part, Split, Task

TOKEN = "⟦ticket⟧"
SEED = f"Say which queue this ticket is for: {TOKEN}"
QUEUES = ("billing", "bug", "account", "shipping", "other")
TASK = Task(
    kind="prompt",
    goal="Sort support tickets.",
    description="The queue of each ticket, in one word.",
    facts={
        "judged": "the answer is the name of the expected queue, upper and lower case alike.",
        "usage": "it is the system message; the ticket takes the place of its token.",
    },
)


def prompt(text: str = SEED, *, keep: tuple[str, ...] = (TOKEN,)) -> Artifact:
    return Artifact(kind="prompt", parts=(Part(name="prompt", text=text, must_keep=keep),))


def naming(*queues: str) -> str:
    """A prompt that names these queues."""
    return f"{SEED}\nThe queues are: {' '.join(queues)}."


class Tickets:
    """Answers `other` for a queue that the prompt does not name."""

    def __init__(self, seed_artifact: Artifact | None = None, *, fit: int = 10, select: int = 20) -> None:
        self.seed_artifact = seed_artifact or prompt()
        self._sizes: Mapping[Split, int] = {"fit": fit, "select": select, "report": 10}
        self.asked: list[tuple[str, str]] = []

    def cases(self) -> Mapping[Split, Sequence[Case]]:
        return {split: [_case(split, n) for n in range(size)] for split, size in self._sizes.items()}

    def baseline(self) -> Evaluation:
        return self._evaluation(self.seed_artifact, "cases", [c.id for c in self.cases()["select"]])

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        for artifact in artifacts:
            self.asked += [(artifact.id, case) for case in case_ids]
            yield self._evaluation(artifact, stage, case_ids)

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        evaluation = self._evaluation(artifact, "confirm", [c.id for c in self.cases()["report"]])
        return evaluation.model_copy(update={"split": "report"})

    def _evaluation(self, artifact: Artifact, stage: str, case_ids: Sequence[str]) -> Evaluation:
        text = " ".join(part.text for part in artifact.parts)
        known = {case.id: case for cases in self.cases().values() for case in cases}
        results: list[CaseResult] = []
        for case_id in case_ids:
            wanted = str(known[case_id].expected)
            got = wanted if wanted in text else "other"
            results.append(CaseResult(case_id=case_id, score=float(got == wanted), output=got))
        return Evaluation(artifact_id=artifact.id, stage=stage, results=tuple(results))


def _case(split: Split, number: int) -> Case:
    queue = QUEUES[number % len(QUEUES)]
    return Case(
        id=f"{split}{number}", input={"ticket": f"{split} ticket {number}: a matter of {queue}"}, expected=queue
    )
