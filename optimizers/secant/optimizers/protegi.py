"""ProTeGi (Pryzant et al., EMNLP 2023): a beam of prompts, expanded by critiques of their errors, kept by a bandit.

    probe the beam -> groups of errors -> reasons -> edits -> paraphrases -> allocator on fit cases -> select -> beam

One shared mini-batch a round. For each member of the beam `groups` samples of `errors` failing cases; for each group
`reasons` reasons, for each reason `edits` new versions with the same errors in view; then paraphrases of these and of
the member (a Monte Carlo step), until there are `successors` at most. A member without errors is left as it is, and
nothing is asked about it. The calls of a round, where every group is full and every answer usable, are for each member

    groups x reasons + E + min(paraphrases x (E + 1), successors - E)        with E = groups x reasons x edits

which is 4 + 4 + 4 = 12 as the spec stands, and 48 for a full beam. What can be foreseen to be thrown away is not asked
for: the published code writes 14 versions of each member and then draws 8 of them.

Other differences from the paper and its code: the whole part is rewritten, not a `# Task` section that a parser has to
find; no two groups hold the same cases; the bandit chooses on fit cases, and the few that it keeps are measured on all
select cases, where the members of the beam have been measured too: so old and new compete on the same cases, and
nothing is chosen on those of the report (the code scores its beam on the test set each round).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import NamedTuple

from secant.optimizer import Context, Decision, Extraction, LanguageModel, Plan, Scored, Stage, State, StepCalls
from secant.optimizers.filling import Values
from secant.optimizers.protegi_spec import ProTeGiSpec
from secant.optimizers.spec import default
from secant.optimizers.wording import Wording, expected, in_turn, prompt_model, proposal, settled
from secant.prompting.asking import Request, ask_each
from secant.prompting.measure import shortened
from secant.prompting.parse import tagged
from secant.prompting.render import Data, Prompt, Section
from secant.prompting.replies import Reply
from secant.search.courses import ranking, solved
from secant.search.similarity import words
from secant.types import Artifact, CaseResult, Evaluation, Part, Proposal, Task


class ProTeGiState(State):
    """The beam is the focus, best first."""

    after: int = 0
    """The step in which it began; the parts take turns from there."""


class _Parent(NamedTuple):
    """A member of the beam that makes errors."""

    artifact: Artifact
    part: Part
    probe: Evaluation
    told: Values
    """The member in words, the same in all requests about it."""


class _Group(NamedTuple):
    """Some errors of a member."""

    parent: _Parent
    told: Section | str
    """The errors in words, the same in the requests for reasons and for edits."""


class _Draft(NamedTuple):
    """An answer, and the text that it was to change."""

    parent: _Parent
    reply: Reply


class ProTeGiOptimizer:
    """`--optimizer protegi`."""

    name = "protegi"
    state_type = ProTeGiState

    def __init__(self, spec: ProTeGiSpec | None = None) -> None:
        self.spec = spec or default(self.name, ProTeGiSpec)
        self._words = Wording(self.spec, self.spec.knobs.feedback)

    def step_calls(self, task: Task) -> StepCalls:
        """Those of a full beam."""
        knobs = self.spec.knobs
        versions = knobs.beam * (knobs.written + knobs.reworded)
        return StepCalls(versions=versions, critiques=knobs.beam * knobs.groups * knobs.reasons)

    # The four operations

    def initialize(self, ctx: Context) -> ProTeGiState:
        """Raises BadRequest where no model is configured, or there is no prompt to refine."""
        prompt_model(ctx, self.name)
        return self._state(ProTeGiState(after=ctx.step, probe_size=self.spec.knobs.probe_size), [ctx.seed.id])

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, ProTeGiState)
        model = prompt_model(ctx, self.name)
        parents = self._parents(ctx, state)
        if not parents:
            return []  # nothing to learn from this batch, and nothing is asked
        edits = self._edits(ctx, model, self._groups(ctx, parents))
        drafts = [*edits, *self._paraphrases(ctx, model, parents, edits)]
        most = self.spec.knobs.raw_tokens
        return [proposal(d.parent.artifact, d.parent.part, d.reply, raw_tokens=most) for d in drafts]

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[ProTeGiState, Decision]:
        assert isinstance(state, ProTeGiState)
        new = [s.proposal.artifact.id for s in scored if s.proposal.status == "ok"]
        pool = {i: settled(ctx, ctx.trajectory.evaluations(i)) for i in dict.fromkeys([*state.focus, *new])}
        means = {identity: e.mean for identity, e in pool.items() if e is not None}
        beam = sorted(means, key=lambda i: (-means[i], _size(ctx, i)))[: self.spec.knobs.beam] or list(state.focus)
        accepted = tuple(identity for identity in beam if identity not in state.focus)
        over = ctx.step - state.after >= self.spec.knobs.rounds
        changed = self._state(state, beam).model_copy(update={"done": over or solved(ctx, beam[0])})
        return changed, Decision(accepted=accepted, incumbent=beam[0], reason=_reason(scored, accepted))

    def extract(self, ctx: Context, state: State) -> Extraction:
        return Extraction(ranking=ranking(ctx, self.spec.knobs.offered), reason="best of the beam on the select cases")

    # A round

    def _state(self, state: ProTeGiState, beam: Sequence[str]) -> ProTeGiState:
        """The beam, and the plan that a round from it needs."""
        knobs = self.spec.knobs
        plan = Plan(
            allocator=knobs.allocator,
            stages=(Stage(split="fit"), Stage()),
            settings={
                "pulls": knobs.pulls_each * knobs.successors * len(beam),
                "keep": knobs.beam,
                "batch": knobs.batch,
                "arms": knobs.arms,
                "exploration": knobs.exploration,
                "minimum": knobs.minimum,
            },
        )
        return state.model_copy(update={"focus": tuple(beam), "plan": plan})

    def _parents(self, ctx: Context, state: ProTeGiState) -> list[_Parent]:
        """The members that have errors on this batch."""
        found: list[_Parent] = []
        for identity in state.focus:
            probe = ctx.probes.get(identity)
            if probe is not None and not probe.all_passed:
                artifact = ctx.trajectory.artifact(identity)
                part = in_turn(artifact, ctx.step - state.after - 1)
                found.append(_Parent(artifact, part, probe, self._words.subject(ctx, artifact, part, probe)))
        return found

    def _groups(self, ctx: Context, parents: Sequence[_Parent]) -> list[_Group]:
        """Samples of each member's errors, as many as the budget has calls for."""
        knobs = self.spec.knobs
        groups: list[_Group] = []
        for parent in parents:
            failing = [r for r in parent.probe.results if r.score < 1]
            samples = _samples(failing, knobs.groups, knobs.errors, ctx.rng)
            errors = [parent.probe.model_copy(update={"results": each}) for each in samples]
            groups += [_Group(parent, self._words.measured(ctx, each)) for each in errors]
        left = ctx.budget.remaining("calls")
        return groups if left is None else groups[: int(left) // (knobs.reasons * (1 + knobs.edits))]

    def _edits(self, ctx: Context, model: LanguageModel, groups: Sequence[_Group]) -> list[_Draft]:
        """For each reason of each group its new versions: all reasons are asked for at once, then all versions."""
        knobs = self.spec.knobs
        asked = [group for group in groups for _ in range(knobs.reasons)]
        if not asked:
            return []
        prompts = [self._reasons_prompt(group) for group in asked]
        answers = model.complete_many("optimizer", [p.messages for p in prompts], purpose="critique")
        requests: list[Request] = []
        for group, prompt, answer in zip(asked, prompts, answers, strict=True):
            said = answer.text.strip() if answer.finish in ("stop", "length") else ""
            said = shortened(tagged(said, f"CRITIQUE{prompt.suffix}") or said, knobs.reason_tokens)
            edit = self._edit_prompt(group, said)
            requests += [Request(edit, expected(group.parent.part, edit))] * knobs.edits
        owners = [group.parent for group in asked for _ in range(knobs.edits)]
        return self._drafts(ctx, model, owners, requests)

    def _paraphrases(
        self, ctx: Context, model: LanguageModel, parents: Sequence[_Parent], edits: Sequence[_Draft]
    ) -> list[_Draft]:
        """The places that the edits leave, drawn among the edits and the members themselves."""
        knobs = self.spec.knobs
        owners: list[_Parent] = []
        requests: list[Request] = []
        for parent in parents:
            own = [d for d in edits if d.parent is parent]
            texts = [parent.part.text, *(d.reply.value for d in own if d.reply.ok)]
            places = [text for text in dict.fromkeys(texts) for _ in range(knobs.paraphrases)]
            for text in ctx.rng.sample(places, min(len(places), knobs.successors - len(own))):
                prompt = self._paraphrase_prompt(ctx, parent, text)
                requests.append(Request(prompt, expected(parent.part, prompt, current=text)))
                owners.append(parent)
        left = ctx.budget.remaining("calls")
        if edits and left is not None and left < 1:
            return []  # what there is already can still be measured
        return self._drafts(ctx, model, owners, requests)

    def _drafts(
        self, ctx: Context, model: LanguageModel, owners: Sequence[_Parent], requests: Sequence[Request]
    ) -> list[_Draft]:
        again = self.spec.part("again") if self.spec.knobs.ask_again else None
        replies = ask_each(model, ctx.budget, requests, again=again)
        return [_Draft(owner, reply) for owner, reply in zip(owners, replies, strict=False)]

    # Requests

    def _reasons_prompt(self, group: _Group) -> Prompt:
        request = self._words.section("request", words=str(self.spec.knobs.reason_words))
        values = {**group.parent.told, "errors": group.told, "request": request}
        return self._words.composed("reasons", values, system="critique_system")

    def _edit_prompt(self, group: _Group, reason: str) -> Prompt:
        said = self._words.section("reason", value=Data("CRITIQUE", reason)) if reason else ""
        values = {
            **group.parent.told,
            "errors": group.told,
            "reason": said,
            "contract": self._words.section("contract"),
        }
        return self._words.composed("edit", values)

    def _paraphrase_prompt(self, ctx: Context, parent: _Parent, text: str) -> Prompt:
        told = parent.told
        if text != parent.part.text:
            part = parent.part.model_copy(update={"text": text})
            told = self._words.subject(ctx, parent.artifact, part, None)
        return self._words.composed("paraphrase", {**told, "contract": self._words.section("contract")})


def _samples(
    failing: Sequence[CaseResult], count: int, size: int, rng: random.Random
) -> Sequence[tuple[CaseResult, ...]]:
    """`count` samples of failing results, each in order; fewer where there are not as many different ones."""
    size = min(size, len(failing))
    drawn: dict[tuple[int, ...], None] = {}
    while len(drawn) < min(count, math.comb(len(failing), size)):
        drawn[tuple(sorted(rng.sample(range(len(failing)), size)))] = None
    return [tuple(failing[place] for place in places) for places in drawn]


def _size(ctx: Context, identity: str) -> int:
    return sum(len(words(part.text)) for part in ctx.trajectory.artifact(identity).parts)


def _reason(scored: Sequence[Scored], accepted: Sequence[str]) -> str:
    if accepted:
        return f"{len(accepted)} new in the beam"
    if not scored:
        return "everything passed on this batch"
    return "no better version" if any(s.evaluations for s in scored) else "no usable answer"
