"""What is shown: runs and proposals as they go over the wire, and the facts about a document that its buttons need.

Values only. The wire models are written in camelCase; a client must ignore fields that it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from secant.judging import Doing, Judges
from secant.types import Usage
from secant_server import sentences
from secant_server.proposals import Option, Placed, Proposal, Standing
from secant_server.references import Naming
from secant_server.scores import Measured
from secant_server.targets import Outline
from secant_server.text import Span

RunState = Literal["running", "finished", "stopped", "failed", "interrupted"]
LensMode = Literal["proposals", "functions", "off"]


class _View(BaseModel):
    model_config = ConfigDict(
        frozen=True, defer_build=True, extra="forbid", alias_generator=to_camel, validate_by_name=True
    )

    def wire(self) -> Mapping[str, object]:
        """As it is sent."""
        return self.model_dump(mode="json", by_alias=True)


class UsageView(_View):
    """What one level of models has spent."""

    level: str
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float | None = 0.0
    """Null where the price is not known, which is never the same as 0."""
    lent: int = 0
    """Of the calls, those to models of the editor."""

    @classmethod
    def of(cls, level: str, spent: Usage) -> UsageView:
        return cls(
            level=level,
            calls=spent.calls,
            prompt_tokens=spent.prompt_tokens,
            completion_tokens=spent.completion_tokens,
            usd=spent.usd,
            lent=spent.lent,
        )


class RunView(_View):
    """A run, under way or over."""

    id: str
    uri: str
    name: str
    judges: Judges = "tests"
    doing: Doing = "optimizing"
    goal: str = ""
    state: RunState = "running"
    phase: str = ""
    message: str = ""
    evaluations: int = 0
    best: str = ""
    seconds: float = 0.0
    fraction: float | None = None
    outcome: str = ""
    summary: str = ""
    started: float = 0.0
    """Seconds since the epoch."""
    proposal: str | None = None
    """Id of the proposal that came of it."""
    spent: str = ""
    """On models, in words: `3 of 20 calls, $0.0040`."""
    usage: tuple[UsageView, ...] = ()
    """The same by level."""
    forecast: str = ""
    """What was expected before, in words."""


class PositionView(_View):
    """A place in a document, in lines and characters from 0. The character is always 0."""

    line: int
    character: int = 0


class RangeView(_View):
    """Whole lines of a document; the end is the beginning of the line after the last."""

    start: PositionView
    end: PositionView


class OptionView(_View):
    """One of the texts that a proposal offers."""

    index: int
    summary: str
    rationale: str
    differs: tuple[Mapping[str, str], ...] = ()
    """Each `{"call": …, "winner": …, "alternative": …}`."""


class ProposalView(_View):
    """A proposal and how it stands to the document now."""

    id: str
    run: str
    uri: str
    name: str
    judges: Judges
    standing: Standing
    summary: str
    rationale: str
    confirmed: bool
    range: RangeView | None
    options: tuple[OptionView, ...]


def option_view(index: int, option: Option, judges: Judges) -> OptionView:
    summary = sentences.summary(option, judges)
    return OptionView(index=index, summary=summary, rationale=option.rationale, differs=option.differs)


def proposal_view(proposal: Proposal, placed: Placed, uri: str) -> ProposalView:
    """The proposal as a list shows it; its result is that of the option in the text, or of the winner."""
    shown = proposal.options[placed.option or 0]
    return ProposalView(
        id=proposal.id,
        run=proposal.id,
        uri=uri,
        name=proposal.label,
        judges=proposal.judges,
        standing=placed.standing,
        summary=sentences.summary(shown, proposal.judges),
        rationale=shown.rationale,
        confirmed=proposal.confirmed,
        range=_range(placed.span),
        options=tuple(option_view(index, option, proposal.judges) for index, option in enumerate(proposal.options)),
    )


def _range(span: Span | None) -> RangeView | None:
    if span is None:
        return None
    return RangeView(start=PositionView(line=span.start), end=PositionView(line=span.end))


class Client(Protocol):
    """What the editor can do."""

    @property
    def review(self) -> bool:
        """It has the command `secant.review`, a comparison of its own."""
        ...

    @property
    def documents(self) -> bool:
        """It opens `secant:` documents."""
        ...

    @property
    def code_action_disabled(self) -> bool:
        """It shows why an action is disabled."""
        ...

    @property
    def code_action_resolve_edit(self) -> bool:
        """It asks for the edit of an action when it is chosen."""
        ...

    @property
    def data(self) -> bool:
        """It sends back the data of an action."""
        ...

    @property
    def is_preferred(self) -> bool:
        """It knows preferred actions."""
        ...

    @property
    def markdown_hover(self) -> bool:
        """Its hovers take Markdown."""
        ...


class Shown(NamedTuple):
    """A document with everything that is offered in it."""

    uri: str
    text: str
    outline: Outline
    proposals: Sequence[tuple[Proposal, Placed]]
    running: Mapping[str, RunView]
    """Runs under way, by the name of their target."""
    client: Client
    measured: Sequence[Measured] = ()
    """Scores of the document's prompts."""
    naming: Naming | None = None
    """Where it is named as a prompt, with the cases for it."""
    elsewhere: Sequence[Shown] = ()
    """The prompts that the document names, each as a document with its place here."""
    lens_mode: LensMode = "proposals"
    reason_declined: str | None = None
    """Why nothing can be optimized in this document: it is a cell of a notebook, it was never saved."""
