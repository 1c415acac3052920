"""The protocol between the driver and a kind of artifact: run these artifacts on these cases.

An evaluator knows how to run its kind (a function in a worker, a prompt through a model) and nothing of the search.
A bad artifact never raises: it gets score 0, an error kind and feedback.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from secant.types import Artifact, Case, Evaluation, Split


class Evaluator(Protocol):
    """Runs artifacts on cases. Raises SecantError only for what no artifact could help (the worker cannot start)."""

    def cases(self) -> Mapping[Split, Sequence[Case]]:
        """The cases of every split, fixed for the run."""
        ...

    def baseline(self) -> Evaluation:
        """The seed on the select cases; with traces where the kind has them."""
        ...

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        """One evaluation for each artifact, in the order given, each as soon as it is known.

        The caller may stop reading at any time (budget, cancellation); what was yielded is journaled and never run
        again.
        """
        ...

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        """The independent verification on the report cases: for a function a cold pytest on a copy.

        `winner` is confirmed already, and the artifact is to stand beside it as an alternative.
        """
        ...
