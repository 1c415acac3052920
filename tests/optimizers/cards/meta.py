"""metaTextGrad's two levels: the artifact is an optimizer's spec, its evaluation an inner run of the same driver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cards.base import Card, CardState, children, keep_if_survived, shown
from cards.climbers import RuleClimber
from cards.toy import artifact, ask, run

from secant.budget import Limits
from secant.optimizer import Plan, Stage
from secant.types import Artifact, Case, CaseResult, Evaluation, Proposal, Split

INNER = 12
REFERENCES = ("1", "2", "4")
"""The specs that the structure optimizer may compose: widths of the rule climber."""


class InnerRuns:
    """A spec is a chain of widths, `2>4`: a climber for each, one after the other. A case is an inner run's seed."""

    def __init__(self, spec: str) -> None:
        self.seed_artifact = artifact(spec)
        self.spent: list[int] = []
        self.runs: list[str] = []

    def cases(self) -> Mapping[Split, Sequence[Case]]:
        return {"select": [Case(id=f"seed{n}") for n in range(3)], "report": [Case(id=f"seed{n}") for n in (7, 8)]}

    def baseline(self) -> Evaluation:
        return self._evaluation(self.seed_artifact, ["seed0", "seed1", "seed2"])

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        for candidate in artifacts:
            self.runs.append(candidate.text)
            yield self._evaluation(candidate, case_ids)

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        return self._evaluation(artifact, ["seed7", "seed8"])

    def _evaluation(self, candidate: Artifact, case_ids: Sequence[str]) -> Evaluation:
        results = tuple(CaseResult(case_id=c, score=self._inner(candidate.text, int(c[4:]))) for c in case_ids)
        return Evaluation(artifact_id=candidate.id, stage="inner", results=results)

    def _inner(self, spec: str, seed: int) -> float:
        """The best of the chain's climbers; the budget is shared, so a longer chain has less for each."""
        widths = [int(w) for w in spec.split(">") if w.isdigit() and w != "0"] or [1]
        share = INNER // len(widths)
        inner = [run(RuleClimber(w), limits=Limits(evaluations=share), seed=seed) for w in widths]
        self.spent += [sum(r.outcome.spent.evaluations for r in inner)]
        return max((r.outcome.confirmed[0].evaluation.mean for r in inner if r.outcome.confirmed), default=0.0)


class MetaPrompt(Card):
    """Edits the best optimizer's prompt from sampled cases; strictly better or not at all."""

    def initialize(self, ctx):
        return CardState(incumbent=ctx.seed.id, plan=Plan(stages=(Stage(gate="better"),)))

    def propose(self, ctx, state):
        sampled = ctx.rng.sample([c.id for c in ctx.cases["select"]], 2)
        best = ctx.trajectory.artifact(state.incumbent).text
        ask(ctx.lm, f"cases {sampled}\nnow: {best}", level="meta")
        wider = artifact(str(int(best) + 1))
        return children([Proposal(artifact=wider, paid=True)], state.incumbent)

    def update(self, ctx, state, scored):
        return keep_if_survived(state, scored, ctx, focus=False)


class MetaStructure(MetaPrompt):
    """Composes reference optimizers and the better ones found."""

    def propose(self, ctx, state):
        found = [e.proposal.artifact.text for e in ctx.trajectory.top(2)]
        scores = "\n".join(map(shown, ctx.trajectory.top(2)))
        ask(ctx.lm, f"references {' '.join(REFERENCES)}\n{scores}\nnow: x", level="meta")
        chain = f"{ctx.rng.choice(found)}>{ctx.rng.choice(REFERENCES)}"
        return children([Proposal(artifact=artifact(chain), paid=True)], state.incumbent)
