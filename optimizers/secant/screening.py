"""The screen: which proposals are worth an evaluation at all.

Looks at texts only. What is turned down keeps a status that says why, and is journaled like everything else.
"""

from __future__ import annotations

from collections.abc import Iterable

from secant.types import Artifact, Proposal, ProposalStatus

GROWTH = 8
ROOM = 20_000


class Screen:
    """Remembers by id everything that came through, for the whole run."""

    def __init__(
        self, seed: Artifact, seen: Iterable[str] = (), limit: int | None = None, *, rejected: Iterable[str] = ()
    ) -> None:
        """`limit` is the largest artifact in characters; by default 8 times the seed, and never under 20,000.
        `rejected` are the ids of artifacts that the user turned down.
        """
        self._seed = seed
        self._seen = {seed.id, *seen}
        self._rejected = frozenset(rejected)
        self._limit = limit if limit is not None else max(ROOM, GROWTH * _size(seed))

    def judge(self, proposal: Proposal) -> Proposal:
        """The proposal with its status. `ok` once only: the next of the same text is a duplicate."""
        if proposal.status != "ok":
            return proposal
        status = self._status(proposal)
        if status != "ok":
            return proposal.model_copy(update={"status": status})
        self._seen.add(proposal.artifact.id)
        return proposal

    def _status(self, proposal: Proposal) -> ProposalStatus:
        artifact = proposal.artifact
        if artifact.id in proposal.parents[:1] or artifact.id == self._seed.id:
            return "noop"
        if artifact.id in self._rejected:
            return "rejected"
        if artifact.id in self._seen:
            return "duplicate"
        if _size(artifact) > self._limit or self._breaks_constraint(artifact):
            return "constraint"
        return "ok"

    def _breaks_constraint(self, artifact: Artifact) -> bool:
        """A part is lost, a fixed one changed, something lost that must be kept, or the text is no text."""
        texts = {part.name: part.text for part in artifact.parts}
        for part in self._seed.parts:
            text = texts.get(part.name)
            if text is None or (not part.editable and text != part.text):
                return True
            if any(kept not in text for kept in part.must_keep):
                return True
        return not all(_encodable(text) for text in texts.values())


def _size(artifact: Artifact) -> int:
    return sum(len(part.text) for part in artifact.parts)


def _encodable(text: str) -> bool:
    """False for lone surrogates, which no file and no JSON line can hold."""
    return text.isascii() or text.encode("utf-8", "replace").decode("utf-8") == text
