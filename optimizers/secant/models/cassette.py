"""Cassettes: what models answered, in a file that a person can read, and the same run again without any model.

One JSON object a line, one line an attempt, failures included. Replay is strict: a request that was not recorded fails
and says which recorded one is nearest. A cassette holds what was said and answered, so whatever the prompts hold is in
it; keys are not. Knows providers through the contract only.
"""

from __future__ import annotations

import difflib
import json
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

from pydantic import JsonValue, ValidationError

from secant.errors import BadRequest
from secant.models.contract import (
    AnswerText,
    FailureKind,
    Message,
    ModelAnswer,
    ModelFailure,
    ModelRequest,
    ModelSettings,
    Price,
    Provider,
)
from secant.models.identity import digest, spoken
from secant.models.redaction import Redaction
from secant.models.tokens import prompt_bound
from secant.types import Frozen, Usage

_HEADER = {"cassette": 1}
_CLOSEST_OF = 200
_SHOWN = 160


class Entry(Frozen):
    """One attempt: a request, and an answer or a failure."""

    model: str
    parameters: Mapping[str, JsonValue] = {}
    seed: int | None = None
    n: int = 1
    messages: tuple[Message, ...]
    attempt: int = 1
    """1 is a new call, more are its retries."""
    texts: tuple[AnswerText, ...] = ()
    failure: FailureKind | None = None
    detail: str = ""
    retry_after: float | None = None
    usage: Usage | None = None
    price: Price | None = None

    def line(self) -> str:
        """Defaults are left out; the order of the fields is that of this class."""
        return json.dumps(self.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)

    def request(self) -> dict[str, Any]:
        """What was said, as `identity.spoken` puts it."""
        settings = ModelSettings(model=self.model, parameters=self.parameters)
        return spoken(ModelRequest(settings=settings, messages=self.messages, n=self.n, seed=self.seed))


class Recording:
    """Chooses providers as `inner` does, and writes down all that passes. Give it to a Gateway; it closes it."""

    def __init__(
        self,
        inner: Callable[[ModelSettings], Provider],
        path: Path,
        *,
        environ: Mapping[str, str] | None = None,
        request: Mapping[str, Any] | None = None,
    ) -> None:
        """Go on with the cassette at `path`, or begin one. `environ` holds the keys that must not get into it;
        `request` is what was asked of the run, so that the cassette alone says how to play it.

        Raises OSError where the file cannot be written, and BadRequest where it is no cassette.
        """
        self._inner = inner
        self._path = path
        self._redact = Redaction(environ or {})
        self._providers: dict[int, _RecordingProvider] = {}
        self._calls: dict[int, _Recorded] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        self._before = _earlier(path, {**_HEADER, **({"request": dict(request)} if request else {})})
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write(self._before)
        self._file.flush()

    def __call__(self, settings: ModelSettings) -> Provider:
        inner = self._inner(settings)
        if id(inner) not in self._providers:
            self._providers[id(inner)] = _RecordingProvider(inner, self)
        return self._providers[id(inner)]

    async def close(self) -> None:
        """Put the lines in the order in which the calls began, and close what chooses the providers."""
        if not self._file.closed:
            self._file.close()
            recorded = sorted(self._calls.values(), key=lambda call: call.number)
            _replaced(self._path, self._before + "".join(f"{line}\n" for call in recorded for line in call.lines))
        close = getattr(self._inner, "close", None)
        if close is not None:
            await close()

    def begun(self, request: ModelRequest) -> _Recorded:
        """The place of this request. A retry is the same object again, so an equal request is another call."""
        return self._calls.setdefault(id(request), _Recorded(len(self._calls), request, []))

    def add(self, call: _Recorded, price: Price | None, outcome: ModelAnswer | ModelFailure) -> None:
        """Write an attempt down at once, so that a killed run leaves its cassette."""
        line = self._redact.values(_entry(call, price, outcome).line())
        call.lines.append(line)
        if not self._file.closed:
            self._file.write(f"{line}\n")
            self._file.flush()


class _Recorded(NamedTuple):
    """A call on the way into a cassette. It holds the request, so no other gets its place."""

    number: int
    request: ModelRequest
    lines: list[str]


class _RecordingProvider:
    def __init__(self, inner: Provider, recording: Recording) -> None:
        self._inner = inner
        self._recording = recording

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        call = self._recording.begun(request)
        price = self.price(request.settings)
        try:
            answer = await self._inner.complete(request)
        except ModelFailure as failure:
            self._recording.add(call, price, failure)
            raise
        self._recording.add(call, price, answer)
        return answer

    def price(self, settings: ModelSettings) -> Price | None:
        return self._inner.price(settings)

    def count_tokens(self, settings: ModelSettings, messages: Sequence[Message]) -> int:
        return self._inner.count_tokens(settings, messages)


class Replay:
    """Answers from a cassette, and from nothing else. A Provider, and what chooses it: give it to a Gateway."""

    replayed = True
    """Nobody waits between attempts, and calls count as answered without payment."""

    def __init__(self, path: Path) -> None:
        """Raises BadRequest where there is no such cassette, or a line of it is damaged."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadRequest(f"the cassette cannot be read: {error}", where=str(path)) from error
        self._entries = _parsed(path, text)
        self._prices = {e.model: e.price for e in reversed(self._entries)}
        self._waiting: dict[str, deque[list[Entry]]] = {}
        for call in _calls(self._entries):
            self._waiting.setdefault(digest(call[0].request()), deque()).append(call)
        self._begun: dict[int, tuple[ModelRequest, deque[Entry]]] = {}

    def __call__(self, settings: ModelSettings) -> Replay:
        return self

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """What was recorded for this request: the first call its first answer, the second its second."""
        begun = self._begun.get(id(request))
        if begun is None:
            waiting = self._waiting.get(digest(spoken(request)))
            if not waiting:
                raise ModelFailure("unrecorded", self._nearest(request, known=waiting is not None))
            begun = self._begun.setdefault(id(request), (request, deque(waiting.popleft())))
        if not begun[1]:
            raise ModelFailure("unrecorded", "the recorded call ended with its last attempt, and this asks once more")
        entry = begun[1].popleft()
        if entry.failure is not None:
            raise ModelFailure(entry.failure, entry.detail, retry_after=entry.retry_after, usage=entry.usage)
        return ModelAnswer(texts=entry.texts, usage=entry.usage or Usage(calls=entry.n))

    def price(self, settings: ModelSettings) -> Price | None:
        """As it was when the cassette was recorded, so that a budget ends the run where it ended then."""
        return self._prices.get(settings.model)

    def count_tokens(self, settings: ModelSettings, messages: Sequence[Message]) -> int:
        return prompt_bound(messages)

    def settings(self) -> Mapping[str, ModelSettings]:
        """The models that were recorded, by name, each with the parameters of its first request."""
        return {e.model: ModelSettings(model=e.model, parameters=e.parameters) for e in reversed(self._entries)}

    def _nearest(self, request: ModelRequest, *, known: bool) -> str:
        if known:
            return "this request was recorded, but is made more often than it was then"
        wanted = _readable(spoken(request))
        recorded = dict.fromkeys(tuple(_readable(e.request())) for e in self._entries)
        if not recorded:
            return "the cassette is empty"
        nearest = max(list(recorded)[:_CLOSEST_OF], key=lambda lines: _likeness(wanted, lines))
        difference = _difference(nearest, wanted)
        return f"the nearest recorded request is\n{_shortened(nearest)}\nand first differs in\n{difference}"


def _entry(call: _Recorded, price: Price | None, outcome: ModelAnswer | ModelFailure) -> Entry:
    request = call.request
    usage = outcome.usage.model_copy(update={"seconds": 0.0}) if outcome.usage is not None else None
    said = {
        "model": request.settings.model,
        "parameters": request.settings.parameters,
        "seed": request.seed,
        "n": request.n,
        "messages": tuple(Message(role=m.role, content=m.content) for m in request.messages),
        "attempt": len(call.lines) + 1,
        "usage": usage,
        "price": price,
    }
    if isinstance(outcome, ModelAnswer):
        return Entry.model_validate({**said, "texts": outcome.texts})
    failed = {"failure": outcome.kind, "detail": outcome.message, "retry_after": outcome.retry_after}
    return Entry.model_validate({**said, **failed})


def recorded_request(path: Path) -> Mapping[str, Any]:
    """What was asked of the run that this cassette holds. Raises BadRequest where there is no cassette that says so."""
    try:
        with path.open(encoding="utf-8") as file:
            header = json.loads(file.readline())
    except (OSError, ValueError) as error:
        raise BadRequest(f"the cassette cannot be read: {error}", where=str(path)) from error
    if not _is_header(header) or "request" not in header:
        raise BadRequest(
            "this cassette does not say what was asked of its run",
            hint="Record one: secant optimize ... --model ... --record CASSETTE",
            where=str(path),
        )
    return header["request"]


def _is_header(line: Any) -> bool:
    return isinstance(line, dict) and cast("dict[str, Any]", line).get("cassette") == _HEADER["cassette"]


def _earlier(path: Path, header: Mapping[str, Any]) -> str:
    """The whole lines of an earlier recording, or the header of a new one."""
    if not path.exists() or not path.stat().st_size:
        return json.dumps(header, ensure_ascii=False) + "\n"
    text = path.read_text(encoding="utf-8", errors="replace")
    whole = text[: text.rfind("\n") + 1]
    _parsed(path, whole)
    return whole


def _replaced(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=".new-", delete=False
    ) as file:
        file.write(text)
    Path(file.name).replace(path)


def _parsed(path: Path, text: str) -> list[Entry]:
    lines = text.split("\n")
    try:
        begins_well = _is_header(json.loads(lines[0]))
    except ValueError:
        begins_well = False
    if not begins_well:
        raise BadRequest("this is no cassette", where=str(path), hint=f"A cassette begins with {json.dumps(_HEADER)}.")
    entries: list[Entry] = []
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            try:
                entries.append(Entry.model_validate_json(line))
            except ValidationError as error:
                raise BadRequest("this line of the cassette is damaged", where=f"{path}:{number}") from error
    return entries


def _calls(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The attempts of each call together, in the order in which calls began."""
    calls: list[list[Entry]] = []
    latest: dict[str, list[list[Entry]]] = {}
    for entry in entries:
        same = latest.setdefault(digest(entry.request()), [])
        # In a cassette of a killed run retries stand where they ended: each belongs to a call that lacks just it.
        begun = next((c for c in same if len(c) == entry.attempt - 1), None) if entry.attempt > 1 else None
        if begun is not None:
            begun.append(entry)
        else:
            call = [entry]
            calls.append(call)
            same.append(call)
    return calls


def _readable(request: Mapping[str, Any]) -> list[str]:
    """A request in lines, messages as they were written."""
    lines = [f"{name}: {json.dumps(request[name], sort_keys=True)}" for name in ("model", "parameters", "seed", "n")]
    for message in request["messages"]:
        lines += [f"[{message['role']}]", *str(message["content"]).split("\n")]
    return lines


def _likeness(wanted: Sequence[str], recorded: Sequence[str]) -> float:
    return difflib.SequenceMatcher(None, recorded, wanted, autojunk=False).ratio()


def _difference(recorded: Sequence[str], wanted: Sequence[str]) -> str:
    """The first line that is not the same in both."""
    for old, new in zip(recorded, wanted, strict=False):
        if old != new:
            return f"- {_cut(old)}\n+ {_cut(new)}"
    longer, mark = (recorded, "-") if len(recorded) > len(wanted) else (wanted, "+")
    more = longer[min(len(recorded), len(wanted)) :]
    return f"{mark} {_cut(more[0])}" if more else "how the messages are divided"


def _shortened(lines: Sequence[str], most: int = 12) -> str:
    shown = [f"  {_cut(line)}" for line in lines[:most]]
    return "\n".join([*shown, f"  … {len(lines) - most} more lines"] if len(lines) > most else shown)


def _cut(line: str) -> str:
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
