"""What a search on one prompt is put together from: what it is told of the task, and what no version may do.

Values of the request and the subject in; nothing is run or asked here.
"""

from __future__ import annotations

from secant.config import RefineRequest
from secant.promptfiles.evaldata.rows import Splits
from secant.promptfiles.guards import Copies, Guards, guarded, limit, texts
from secant.promptfiles.program import Program
from secant.promptfiles.splits import every
from secant.promptfiles.subject import PromptSubject
from secant.types import Artifact, Task

GOAL = "answer more of the cases rightly"


class Assembly:
    """Of one request on one subject."""

    def __init__(self, request: RefineRequest, subject: PromptSubject, program: Program) -> None:
        self._request = request
        self._subject = subject
        self._program = program

    @property
    def most_tokens(self) -> int:
        request = self._request
        return limit(self._program.artifact(), request.max_prompt_tokens, request.demonstrations)

    def guards(self, seed: Artifact, splits: Splits) -> Guards:
        shown = splits["fit"] if self._request.demonstrations else ()
        kept = guarded(splits["fit"], (*splits["select"], *splits["report"]), self._request.demonstrations)
        copies = Copies(kept, [*(part.text for part in seed.parts), *(text for row in shown for text in texts(row))])
        rows = list(every(splits))

        def unusable(artifact: Artifact) -> str:
            """Known before anything is paid for a version, not when it has won."""
            unwritable = self._subject.place.unwritable(self._program.texts(artifact))
            return unwritable or self._program.unfillable(artifact, rows)

        return Guards(seed, self._program.mask, copies, self.most_tokens, unusable)

    def task(self, says: str) -> Task:
        """`says` is what counts as correct."""
        facts = {
            "judged": says,
            "usage": self._program.usage,
            "demonstrations": self._request.demonstrations,
            "steps": self._request.max_steps or 0,
        }
        document = self._subject.document
        described = document.description or f"It stands in {document.path.name} ({document.format})."
        return Task(kind="prompt", goal=GOAL, description=described, facts=facts)
