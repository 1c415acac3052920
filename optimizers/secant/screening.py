"""The screen: which proposals are worth an evaluation at all.

Looks at texts only. What is turned down keeps a status that says why, and is journaled like everything else; where the
status does not say enough the rationale begins with the reason, which is what the next request tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from secant.types import Artifact, Proposal, ProposalStatus

GROWTH = 8
ROOM = 20_000
Refusal = Callable[[Artifact], str]
"""Why an artifact cannot stand where its seed stands; empty where it can, or where only running it tells."""


class _Verdict(NamedTuple):
    status: ProposalStatus
    reason: str = ""


class Screen:
    """Remembers by id everything that came through, for the whole run."""

    def __init__(
        self,
        seed: Artifact,
        seen: Iterable[str] = (),
        limit: int | None = None,
        *,
        rejected: Iterable[str] = (),
        refusal: Refusal = lambda artifact: "",
    ) -> None:
        """`limit` is the largest artifact in characters; by default 8 times the seed, and never under 20,000.
        `rejected` are the ids of artifacts that the user turned down.
        """
        self._seed = seed
        self._seen = {seed.id, *seen}
        self._rejected = frozenset(rejected)
        self._refusal = refusal
        self._limit = limit if limit is not None else max(ROOM, GROWTH * _size(seed))

    def judge(self, proposal: Proposal) -> Proposal:
        """The proposal with its status. `ok` once only: the next of the same text is a duplicate."""
        if proposal.status != "ok":
            return proposal
        verdict = self._verdict(proposal)
        if verdict.status == "ok":
            self._seen.add(proposal.artifact.id)
            return proposal
        said = f"{verdict.reason}\n\n{proposal.rationale}".strip() if verdict.reason else proposal.rationale
        return proposal.model_copy(update={"status": verdict.status, "rationale": said})

    def _verdict(self, proposal: Proposal) -> _Verdict:
        artifact = proposal.artifact
        if artifact.id in proposal.parents[:1] or artifact.id == self._seed.id:
            return _Verdict("noop")
        if artifact.id in self._rejected:
            return _Verdict("rejected")
        if artifact.id in self._seen:
            return _Verdict("duplicate")
        broken = self._broken_constraint(artifact)
        return _Verdict("constraint", broken) if broken else _Verdict("ok")

    def _broken_constraint(self, artifact: Artifact) -> str:
        """What keeps the artifact from being measured, in words; empty where nothing does."""
        if _size(artifact) > self._limit:
            return f"it is longer than {self._limit} characters"
        texts = {part.name: part.text for part in artifact.parts}
        for part in self._seed.parts:
            text = texts.get(part.name)
            if text is None:
                return f"it lost the part {part.name}"
            if not part.editable and text != part.text:
                return f"it changed the part {part.name}, which must stay as it is"
            lost = [kept for kept in part.must_keep if kept not in text]
            if lost:
                return f"it lost what must be kept: {', '.join(lost)}"
        if not all(_encodable(text) for text in texts.values()):
            return "it holds characters that no file can hold"
        return self._refusal(artifact)


def _size(artifact: Artifact) -> int:
    return sum(len(part.text) for part in artifact.parts)


def _encodable(text: str) -> bool:
    """False for lone surrogates, which no file and no JSON line can hold."""
    return text.isascii() or text.encode("utf-8", "replace").decode("utf-8") == text
