"""What the gateway and its providers say to each other: requests, answers, failures; values and protocols only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from pydantic import JsonValue

from secant.errors import SecantError
from secant.types import Frozen, Level, Usage

RemoteFailureKind = Literal[
    "authentication",
    "not_found",
    "bad_request",
    "quota",
    "rate_limit",
    "server",
    "timeout",
    "connection",
    "malformed",
    "empty",
]
"""What whoever has the model can say went wrong."""
FailureKind = Literal[RemoteFailureKind, "unrecorded"]
"""`unrecorded`: a cassette is replayed and does not hold the request."""
RETRIED: frozenset[FailureKind] = frozenset({"rate_limit", "server", "timeout", "connection", "malformed", "empty"})
"""What may go better the next time. Whatever else fails, fails again."""
FATAL: frozenset[FailureKind] = frozenset({"authentication", "not_found", "quota", "unrecorded"})
"""What no further request of the run can escape: the run ends with its best so far."""
Finish = Literal["stop", "length", "refusal", "failed"]


LENT = "vscode:"
"""Before the name of a model that the user's editor lends: `vscode:copilot/gpt-4o`."""


class ModelSettings(Frozen):
    """The model of one level. `model` is a litellm name (`openai/gpt-4o-mini`, `ollama/qwen3`, ...), or one `LENT`."""

    model: str
    base_url: str | None = None
    parameters: Mapping[str, JsonValue] = {}
    """temperature, top_p, max_tokens, ...; sent as they are."""
    timeout_seconds: float = 120.0
    key_variable: str | None = None
    """The environment variable that holds the key; None: the provider's own. Keys themselves are never values here."""

    @property
    def lent(self) -> bool:
        """The user's editor lends it: it needs no key, and has no price."""
        return self.model.startswith(LENT)


class Message(Frozen):
    """One turn of a request."""

    role: Literal["system", "user", "assistant"]
    content: str


class ModelRequest(Frozen):
    """One request as a provider gets it: everything that decides the answer."""

    settings: ModelSettings
    messages: tuple[Message, ...]
    n: int = 1
    seed: int | None = None


class AnswerText(Frozen):
    """One of the `n` texts of an answer."""

    text: str
    finish: Finish = "stop"


class ModelAnswer(Frozen):
    """What a provider gives back. n requested is n given, and n paid."""

    texts: tuple[AnswerText, ...]
    usage: Usage = Usage(calls=1)
    """`usd` is None where the price is not known."""


class ModelFailure(Exception):  # noqa: N818 - an outcome
    """A request that gave no answer. The message holds no key."""

    def __init__(
        self, kind: FailureKind, message: str, *, retry_after: float | None = None, usage: Usage | None = None
    ) -> None:
        super().__init__(message)
        self.kind: FailureKind = kind
        self.message = message
        self.retry_after = retry_after
        """Seconds, where the server named them."""
        self.usage = usage
        """What was paid all the same: an answer that cannot be used costs as much as any other."""


class ModelUnavailable(SecantError):  # noqa: N818 - an outcome
    """No request to this model can succeed: key, name, quota, address. The run ends with its best so far."""


class Price(NamedTuple):
    """Dollars for a token."""

    prompt: float
    completion: float


class Provider(Protocol):
    """Carries out requests to one family of models. Everything is asked from one event loop, many at a time."""

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """One attempt, no retries. Raises ModelFailure; cancelled, it stops spending."""
        ...

    def price(self, settings: ModelSettings) -> Price | None:
        """None where it is not known, which is never the same as 0."""
        ...

    def count_tokens(self, settings: ModelSettings, messages: Sequence[Message]) -> int:
        """An estimate from above, without a network."""
        ...


Heard = Callable[[int], object]
"""Hears that so many more words of an answer have come."""


@runtime_checkable
class Streaming(Protocol):
    """A provider that can tell of an answer while it comes."""

    async def stream(self, request: ModelRequest, heard: Heard) -> ModelAnswer:
        """As `complete`."""
        ...


class ModelCall(Frozen):
    """One finished call, for the journal: enough to go on after a kill without paying for it again."""

    key: str
    """Of scope, position in it, model, parameters, seed, n and messages: stable under every PYTHONHASHSEED."""
    level: Level
    purpose: str = ""
    model: str = ""
    texts: tuple[AnswerText, ...] = ()
    failure: FailureKind | None = None
    detail: str = ""
    """The failure in words."""
    usage: Usage = Usage()
    attempts: int = 1
    cached: bool = False
    """Answered by the cache or a cassette: nothing was paid."""
    seconds: float = 0.0
