"""The gateway: every request of a run to a model, behind the synchronous protocol that optimizers see.

    known (journal) -> cache -> reserve -> attempts (slot, provider, settle), retried -> record

It counts, reserves, retries, records and stops; providers speak to models, and nothing here imports one. The caller's
thread decides (names, memories, reservations, records), the loop's thread waits for providers.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, Self, runtime_checkable

from secant.budget import Budget, BudgetExhausted, Reservation
from secant.cancellation import Cancellation, Interrupted
from secant.models import advice, identity, levels
from secant.models.background import Background, Flight
from secant.models.cache import ResponseCache
from secant.models.calls import Call, failed, finished
from secant.models.contract import (
    FATAL,
    Message,
    ModelAnswer,
    ModelCall,
    ModelFailure,
    ModelRequest,
    ModelSettings,
    Price,
    Provider,
    Streaming,
)
from secant.models.crowd import Crowd, Words
from secant.models.prices import CAPS, answer_cap
from secant.models.redaction import Redaction
from secant.models.retries import GaveUp, RetryRules, Sleep, retried
from secant.optimizer import Answered, Completion
from secant.spending import without_price
from secant.types import Level, Usage

_FOLLOWED = 8
"""So many answers at once are followed while they come."""
_LOOKED_UP = 16
"""So many requests are looked up in the cache before all of them are: that takes as long as to send them."""
_LANDING_SECONDS = 5.0
"""How long providers may take over closing."""


@runtime_checkable
class Closable(Protocol):
    """A provider, or what chooses one, that holds connections or files."""

    async def close(self) -> None: ...


class Gateway:
    """The models of one run. Implements `optimizer.LanguageModel`; thread-safe. Close it when the run is over."""

    def __init__(
        self,
        settings: Mapping[Level, ModelSettings],
        providers: Callable[[ModelSettings], Provider],
        *,
        budget: Budget,
        cancellation: Cancellation | None = None,
        record: Callable[[ModelCall], object] = lambda call: None,
        hear: Callable[[int], object] = lambda words: None,
        known: Mapping[str, ModelCall] | None = None,
        cache: ResponseCache | None = None,
        seed: int | None = None,
        concurrency: int = 8,
        retries: RetryRules | None = None,
        default_max_tokens: int = 4096,
        environ: Mapping[str, str] | None = None,
        sleep: Sleep = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`record` hears of every finished call, in the thread that asked, before the caller gets its answer; `known`
        are the calls that an earlier session recorded. `hear` is told in the same thread, while answers come, how many
        words have come of those that are waited for. Where the parameters name no cap, `default_max_tokens` or what
        fits the model is sent: without one no budget could be kept. With a `seed` each request is sent one of its own.

        Raises BadRequest where no model is given.
        """
        resolved = levels.resolved(settings)
        self._settings = {level: _capped(chosen, default_max_tokens) for level, chosen in resolved.items()}
        self._providers = providers
        self._budget = budget
        self._cancellation = cancellation or Cancellation()
        self._record = record
        self._hear = hear
        self._known = {key: call for key, call in (known or {}).items() if call.failure is None}
        self._cache = cache
        self._seed = seed
        self._rules = retries or RetryRules()
        self._environ = os.environ if environ is None else environ
        self._redaction = Redaction(self._environ, *(s.key_variable for s in resolved.values()))
        self._sleep = sleep
        self._clock = clock
        self._concurrency = concurrency
        self._slots = asyncio.Semaphore(concurrency)
        self._background = Background()
        self._lock = threading.Lock()
        self._positions: Counter[tuple[str, str]] = Counter()
        self._ordinals: Counter[str] = Counter(identity.request_part(key) for key in self._known)
        self._addresses = {level: identity.settings_digest(chosen) for level, chosen in self._settings.items()}
        self._answered: set[str] = set()

    def within(self, scope: str) -> Scope:
        return Scope(self, scope)

    def complete(
        self, level: Level, messages: Sequence[Mapping[str, str]], *, n: int = 1, purpose: str = ""
    ) -> Sequence[Completion]:
        return self.within("").complete(level, messages, n=n, purpose=purpose)

    def complete_many(
        self,
        level: Level,
        batches: Sequence[Sequence[Mapping[str, str]]],
        *,
        purpose: str = "",
        answered: Answered | None = None,
    ) -> Sequence[Completion]:
        return self.within("").complete_many(level, batches, purpose=purpose, answered=answered)

    def settings(self, level: Level) -> ModelSettings:
        """What serves this level, with the cap that is sent."""
        return self._settings[level]

    def due(self, level: Level, batches: Sequence[Sequence[Mapping[str, str]]]) -> int:
        """How many of these requests would be sent if they were asked now: the cache answers the others.

        Of many, some are looked up first: where the cache knows none of them, it is taken to know none of all.
        """
        if self._cache is None:
            return len(batches)
        some = batches[:: len(batches) // _LOOKED_UP] if len(batches) > _LOOKED_UP else ()
        return len(batches) if some and self._unknown(level, some) == len(some) else self._unknown(level, batches)

    def _unknown(self, level: Level, batches: Sequence[Sequence[Mapping[str, str]]]) -> int:
        """How many of them the cache does not know, the same request twice being two."""
        seen: Counter[str] = Counter()
        unknown = 0
        for messages in batches:
            digested = identity.text_digest(identity.request_text(self._request(level, messages, 1)))
            name = identity.request_name(digested)
            key = identity.cache_key(digested, self._ordinals[name] + seen[name])
            seen[name] += 1
            unknown += self._cache is None or self._cache.get(key) is None
        return unknown

    def price(self, level: Level) -> Price | None:
        """Dollars for a token of this level; None where it is not known."""
        return self._providers(self._settings[level]).price(self._settings[level])

    def close(self) -> None:
        """Free connections and files, end the thread. Closing again is harmless."""
        if isinstance(self._providers, Closable) and not self._background.closed:
            with contextlib.suppress(TimeoutError):
                self._background.run(self._providers.close(), _LANDING_SECONDS)
        self._background.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # In the caller's thread

    def ask(
        self,
        scope: str,
        level: Level,
        batches: Sequence[Sequence[Mapping[str, str]]],
        n: int,
        purpose: str,
        answered: Answered | None = None,
    ) -> Sequence[Sequence[Completion]]:
        """The answers to each of `batches`, `n` each; concurrently, in the order asked.

        Where the calls that are left do not suffice for all, none is sent; tokens and dollars are reserved for each as
        its turn comes. Raises BudgetExhausted, ModelUnavailable and Interrupted; whatever was finished until then is
        recorded. After BudgetExhausted the same requests may be asked again in smaller portions, and those that were
        answered are in the cache.
        """
        if n < 1:
            raise ValueError("n is at least 1")
        if self._cancellation.cancelled:
            raise Interrupted(self._cancellation.reason)
        left = self._budget.remaining("calls")
        keys: list[str] = []

        def named() -> Iterator[Call]:
            for messages in batches:
                call = self._named(scope, level, messages, n, purpose)
                keys.append(call.key)
                yield call._replace(followed=len(batches) <= _FOLLOWED)

        crowd = Crowd(
            self,
            Flight(self._background),
            named(),
            at_once=self._concurrency,
            scarce=left is not None and left < n * len(batches),
            cancellation=self._cancellation,
            hear=self._hear,
            answered=answered,
        )
        try:
            return crowd.answers()
        except BudgetExhausted:
            self._take_back(scope, keys)
            raise

    def _take_back(self, scope: str, keys: Sequence[str]) -> None:
        """Count these calls as not asked: who asks again asks for the same samples, not for further ones."""
        with self._lock:
            for key in keys:
                name = identity.request_part(key)
                self._positions[scope, name] -= 1
                if key not in self._known:
                    self._ordinals[name] -= 1

    def _named(self, scope: str, level: Level, messages: Sequence[Mapping[str, str]], n: int, purpose: str) -> Call:
        """The request with the names under which journal and cache know it."""
        request = self._request(level, messages, n)
        text = identity.request_text(request)
        digested = identity.text_digest(text)
        name = identity.request_name(digested)
        with self._lock:
            position = self._positions[scope, name]
            self._positions[scope, name] += 1
            key = identity.call_key(scope, position, text, digested)
            ordinal = self._ordinals[name]
            if key not in self._known:
                self._ordinals[name] += 1
        if self._seed is not None:  # the same seed would make a second sample the first again
            request = request.model_copy(update={"seed": (self._seed + ordinal * n) % 2**31})
        provider = self._providers(request.settings)
        return Call(
            key=key,
            level=level,
            purpose=purpose,
            request=request,
            provider=provider,
            replayed=bool(getattr(provider, "replayed", False)),
            cache_key=identity.cache_key(digested, ordinal),
            bound=_bound(provider, request),
        )

    def _request(self, level: Level, messages: Sequence[Mapping[str, str]], n: int) -> ModelRequest:
        turns = tuple(Message.model_validate({**m, "content": _encodable(m["content"])}) for m in messages)
        return ModelRequest(settings=self._settings[level], messages=turns, n=n, seed=self._seed)

    def remembered(self, call: Call) -> ModelCall | None:
        """The answer that needs no provider: an earlier session's, or the cache's."""
        known = self._known.get(call.key)
        if known is not None:
            return known
        texts = self._cache.get(call.cache_key) if self._cache is not None and not call.replayed else None
        if texts is None or len(texts) != call.request.n:
            return None
        found = finished(call, texts, Usage(), cached=True)
        self._record(found)
        return found

    def afford(self, calls: Sequence[Call]) -> None:
        """Raises BudgetExhausted where the run may not make so many."""
        left, due = self._budget.remaining("calls"), sum(call.bound.calls for call in calls)
        if left is not None and due > left:
            of = f"of the {self._budget.limits.calls} calls that are allowed {left:g} are left"
            raise BudgetExhausted("calls", f"{of}, and {due} more were due")

    def reserve(self, call: Call) -> Reservation:
        bound, model = call.bound, call.request.settings.model
        if bound.usd is None and self._budget.limits.usd is not None:
            raise BudgetExhausted(
                "usd",
                f"{without_price(model)}, so a limit in dollars cannot be kept, but one of calls can (--max-calls)",
            )
        return self._budget.reserve(
            calls=bound.calls, tokens=bound.prompt_tokens + bound.completion_tokens, usd=bound.usd
        )

    def keep(self, call: Call, outcome: ModelCall) -> None:
        self._record(outcome)
        if outcome.failure is None and self._cache is not None and not call.replayed:
            self._cache.put(call.cache_key, outcome.texts)

    def taken_in(self, call: Call, outcome: ModelCall) -> ModelCall:
        """Write a finished call down. Raises ModelUnavailable where no other can do better."""
        self.keep(call, outcome)
        settings = call.request.settings
        if outcome.failure is None:
            self._answered.add(self._addresses[call.level])
            return outcome
        # An address at which nobody ever answered is a wrong address, not a bad moment.
        nobody = outcome.failure == "connection" and not outcome.usage.calls
        if outcome.failure in FATAL or (nobody and self._addresses[call.level] not in self._answered):
            raise advice.unavailable(outcome.failure, outcome.detail, settings, self._environ)
        return outcome

    # In the loop's thread

    async def carried_out(self, call: Call, reservation: Reservation, words: Words) -> ModelCall:
        """All attempts of one call. Its outcome is a value, even where it failed."""
        started = self._clock()
        account = _Account(reservation)
        rules = self._rules

        async def attempt(number: int) -> ModelAnswer:
            return await self._attempt(call, account, words, number)

        with reservation:
            try:
                answer, attempts = await retried(
                    attempt, rules=rules, key=call.key, sleep=_at_once if call.replayed else self._sleep
                )
            except GaveUp as gave:
                seconds = self._since(started, call)
                return failed(call, gave, account.usage, seconds=seconds, redact=self._redaction)
        seconds = self._since(started, call)
        redact = self._redaction.values
        return finished(call, answer.texts, account.usage, attempts=attempts, seconds=seconds, redact=redact)

    def _since(self, started: float, call: Call) -> float:
        """Seconds; none in a replay, whose record is the same each time."""
        return 0.0 if call.replayed else self._clock() - started

    async def _attempt(self, call: Call, account: _Account, words: Words, number: int) -> ModelAnswer:
        """One attempt: a slot, a reservation, the provider, and the bill whatever comes of it."""
        async with self._slots:
            if number > 1:
                account.renew(lambda: self.reserve(call), number)
            started = self._clock()
            try:
                answer = await _answer(call, words)
            except ModelFailure as failure:
                account.last = failure
                self._settle(call, account, failure.usage, started)
                raise
            except BaseException:  # cancelled, or a provider's own mistake: it was sent, and may well be billed
                self._settle(call, account, _unbilled(call), started)
                raise
            self._settle(call, account, answer.usage, started, calls=call.request.n)
            return answer

    def _settle(
        self, call: Call, account: _Account, usage: Usage | None, started: float, calls: int | None = None
    ) -> None:
        """Book an attempt. None: nothing was sent. Sent without a known bill costs what was reserved for it."""
        if usage is None:
            account.reservation.release()
            return
        if not usage.prompt_tokens and not usage.completion_tokens and usage.usd is None:
            usage = _unbilled(call)
        counted = usage.calls if calls is None else calls
        usage = usage.model_copy(update={"calls": counted, "seconds": self._since(started, call)})
        account.reservation.settle(call.level, usage)
        account.usage = account.usage + usage if account.usage.calls else usage


class Scope:
    """The same models for one call of an operation. Identical requests in it are numbered, so each is a sample."""

    def __init__(self, gateway: Gateway, name: str) -> None:
        self._gateway = gateway
        self._name = name

    def within(self, scope: str) -> Scope:
        return Scope(self._gateway, f"{self._name}/{scope}" if self._name else scope)

    def complete(
        self, level: Level, messages: Sequence[Mapping[str, str]], *, n: int = 1, purpose: str = ""
    ) -> Sequence[Completion]:
        return self._gateway.ask(self._name, level, [messages], n, purpose)[0]

    def complete_many(
        self,
        level: Level,
        batches: Sequence[Sequence[Mapping[str, str]]],
        *,
        purpose: str = "",
        answered: Answered | None = None,
    ) -> Sequence[Completion]:
        asked = self._gateway.ask(self._name, level, batches, 1, purpose, answered)
        return [answers[0] for answers in asked]


class _Account:
    """What the attempts of one call have cost, and what is set aside for the next."""

    def __init__(self, reservation: Reservation) -> None:
        self.reservation = reservation
        self.usage = Usage()
        self.last: ModelFailure | None = None

    def renew(self, reserve: Callable[[], Reservation], number: int) -> None:
        """Set aside for another attempt. Raises GaveUp, with the failure before, where the budget has nothing left."""
        try:
            self.reservation = reserve()
        except BudgetExhausted as exhausted:
            before = self.last or ModelFailure("server", "the attempt before failed")
            text = f"{before.message} (not asked again: {exhausted})"
            raise GaveUp(ModelFailure(before.kind, text), number - 1) from exhausted


def _capped(settings: ModelSettings, default_max_tokens: int) -> ModelSettings:
    if any(settings.parameters.get(name) is not None for name in CAPS):
        return settings
    parameters = {**settings.parameters, "max_tokens": answer_cap(settings.model, default_max_tokens)}
    return settings.model_copy(update={"parameters": parameters})


def _bound(provider: Provider, request: ModelRequest) -> Usage:
    """The most that one attempt can cost: a server that gives one text an answer is sent the prompt for each."""
    caps = [v for v in map(request.settings.parameters.get, CAPS) if isinstance(v, int)]
    prompt = request.n * provider.count_tokens(request.settings, request.messages)
    completion = request.n * max(caps, default=0)
    price = provider.price(request.settings)
    usd = None if price is None else price.prompt * prompt + price.completion * completion
    lent = request.n if request.settings.lent else 0
    return Usage(calls=request.n, prompt_tokens=prompt, completion_tokens=completion, usd=usd, lent=lent)


def _unbilled(call: Call) -> Usage:
    """What an attempt is booked at of which nobody says what it took."""
    return call.bound.model_copy(update={"unbilled": call.bound.calls, "unbilled_usd": call.bound.usd or 0.0})


def _encodable(text: str) -> str:
    """Without lone surrogates, which no request, journal or cassette can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


async def _answer(call: Call, words: Words) -> ModelAnswer:
    words.count = 0
    if call.followed and isinstance(call.provider, Streaming):
        return await call.provider.stream(call.request, words.more)
    return await call.provider.complete(call.request)


async def _at_once(_: float) -> None:
    """What a cassette answers is not waited for."""
