"""The short way to every server that speaks OpenAI's chat protocol: one POST, no library between. Imports aiohttp.

Answers that somebody waits for are streamed, so that it is seen how far they have come, and that they have stopped
coming. A server that refuses to stream, or does not say what a streamed answer used, is asked for whole answers from
then on; one that only streams is asked to.

A key goes to the address that it belongs to and nowhere else: OpenAI's own, the one in the user's environment, or the
one whose settings name a variable. It is read at the moment of the request.
"""

from __future__ import annotations

import asyncio
import difflib
import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from secant.models import http_failures, prices, replies, streams
from secant.models.contract import Heard, Message, ModelAnswer, ModelFailure, ModelRequest, ModelSettings, Price
from secant.models.environment import key_variable, openai_base_url
from secant.models.prices import priced
from secant.models.redaction import Redaction
from secant.models.singles import joined, singles
from secant.models.tokens import prompt_bound
from secant.types import Usage

if TYPE_CHECKING:
    import aiohttp

OPENAI = "https://api.openai.com/v1"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LARGEST_REPLY = 64 << 20
_LISTING_SECONDS = 5.0
_STALL_SECONDS = 30.0
_LOG = logging.getLogger(__name__)
_ABOUT_N = re.compile(r"\bn\b")
"""In the words of a server that refuses a request for it knows no `n`, or none above 1."""


class OpenAIProvider:
    """Implements `contract.Provider`. Everything is asked from one event loop; close it there."""

    def __init__(
        self, environ: Mapping[str, str], *, concurrency: int = 8, stall_seconds: float = _STALL_SECONDS
    ) -> None:
        """`environ` holds the keys and perhaps the address; `concurrency` sizes the pool of connections. An answer of
        which nothing more comes for `stall_seconds` is given up; how long its beginning takes, the settings say.
        """
        self._environ = environ
        self._stall_seconds = stall_seconds
        self._whole: set[str] = set()
        """Addresses that are asked for whole answers."""
        self._pieces: set[str] = set()
        """Addresses that only stream."""
        self._concurrency = concurrency
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._single: set[str] = set()
        """Addresses whose server gives one text, whatever is asked for: it is asked `n` times at once from then on."""

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """`n` texts, each as a whole: to put a streamed answer together costs CPU for each of its pieces."""
        return await self._all(request, None)

    async def stream(self, request: ModelRequest, heard: Heard) -> ModelAnswer:
        return await self._all(request, heard)

    async def _each(
        self, requests: Sequence[ModelRequest], heard: Heard | None
    ) -> Sequence[ModelAnswer | BaseException]:
        """At once. What failed stands in its answer's place."""
        return await asyncio.gather(*(self._complete(each, heard) for each in requests), return_exceptions=True)

    async def _all(self, request: ModelRequest, heard: Heard | None) -> ModelAnswer:
        """`n` texts, however many the server gives at a time: some know no `n` and give one."""
        base = self.base_url(request.settings)
        if request.n > 1 and base in self._single:
            return joined(await self._each(singles(request), heard))
        try:
            answer = await self._complete(request, heard)
        except ModelFailure as failure:
            if request.n == 1 or failure.kind != "bad_request" or not _ABOUT_N.search(failure.message):
                raise
            answer = joined(await self._each(singles(request), heard))
            self._single.add(base)
        missing = request.n - len(answer.texts)
        if missing > 0:
            if len(answer.texts) == 1 and base != OPENAI:
                self._single.add(base)
            rest = singles(request)[len(answer.texts) :]
            answer = joined([answer, *await self._each(rest, heard)])
        if missing < 0:
            answer = answer.model_copy(update={"texts": answer.texts[: request.n]})
        return answer

    def price(self, settings: ModelSettings) -> Price | None:
        """Known for OpenAI's own address only: who else serves a model under this name asks for prices of their own."""
        return prices.price(settings.model) if self.base_url(settings) == OPENAI else None

    def count_tokens(self, settings: ModelSettings, messages: Sequence[Message]) -> int:
        return prompt_bound(messages)

    def base_url(self, settings: ModelSettings) -> str:
        return (settings.base_url or openai_base_url(self._environ) or OPENAI).rstrip("/")

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    # One request

    async def _complete(self, request: ModelRequest, heard: Heard | None) -> ModelAnswer:
        """`heard` is None where the answer may come as a whole."""
        try:
            reply = await self._posted(request, heard)
        except _MannerRefused as refused:  # nothing was answered, so nothing is paid twice
            if heard is None:
                self._pieces.add(self.base_url(request.settings))
            else:
                self._ask_whole(request.settings, f"does not stream ({refused})")
            reply = await self._posted(request, heard)
        try:
            answer = replies.answer(reply, prompt_bound=prompt_bound(request.messages))
        except ModelFailure as failure:
            raise self._told(failure, request) from failure
        return ModelAnswer(texts=answer.texts, usage=priced(answer.usage, self.price(request.settings)))

    def _ask_whole(self, settings: ModelSettings, why: str) -> None:
        base = self.base_url(settings)
        if base not in self._whole:
            self._whole.add(base)
            said = Redaction(self._environ, settings.key_variable)(why)
            _LOG.info("%s %s: it is asked for whole answers from now on", base, said)

    async def _posted(self, request: ModelRequest, heard: Heard | None) -> bytes:
        """The reply's body, put together where it was streamed. Raises ModelFailure, whose usage says whether the
        request may have been billed, and _MannerRefused.
        """
        import aiohttp  # noqa: PLC0415 - costs 100 ms that a run without a model does not pay

        settings, base = request.settings, self.base_url(request.settings)
        url, fixed = f"{base}/chat/completions", "stream" in settings.parameters or base in self._whole
        streamed = not fixed and (heard is not None or base in self._pieces)
        body = json.dumps(_body(request, own=base == OPENAI, streamed=streamed)).encode()
        session = self._session(local=urlsplit(url).hostname in LOOPBACK)
        timeout = aiohttp.ClientTimeout(total=settings.timeout_seconds)
        sent = Usage(calls=request.n, usd=None)
        try:
            async with session.post(
                url, data=body, headers=self._headers(settings), timeout=timeout, allow_redirects=False
            ) as response:
                if response.status < 300 and response.content_type == "text/event-stream":
                    return await self._streamed(settings, response, heard, sent)
                reply = await _read(response)
                if (streamed or not (fixed or base in self._pieces)) and streams.refused(response.status, reply):
                    raise _MannerRefused(http_failures.said(reply))
                if response.status >= 300:
                    raise await self._refused(settings, response, reply)
                if response.content_type == "text/html":
                    raise ModelFailure("not_found", f"{url} is a web page, not a model. Is the base URL right?")
                return reply
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            raise self._failure(settings, "connection", f"no connection to {url}: {error}") from error
        except TimeoutError as error:
            text = f"no answer within {settings.timeout_seconds:g} s"
            raise ModelFailure("timeout", text, usage=sent) from error
        except (aiohttp.InvalidURL, ValueError) as error:
            raise self._failure(settings, "not_found", f"{url} is no address: {error}") from error
        except aiohttp.ClientError as error:
            text = f"the connection to {url} broke: {error or type(error).__name__}"
            raise self._failure(settings, "connection", text, sent) from error

    async def _streamed(
        self, settings: ModelSettings, response: aiohttp.ClientResponse, heard: Heard | None, sent: Usage
    ) -> bytes:
        """The whole reply. Raises ModelFailure where it stops coming, breaks off or is none."""
        stream, patience = streams.Stream(), min(self._stall_seconds, settings.timeout_seconds)
        size, told = 0, 0
        while not stream.done:
            # How long a model takes to begin is another matter than that it does not go on.
            limit = asyncio.timeout(patience if stream.words else None)
            try:
                async with limit:
                    data = await response.content.readany()
            except TimeoutError as error:
                if not limit.expired():
                    raise
                text = f"the answer stopped coming after {stream.words} words: nothing more for {patience:g} s"
                raise ModelFailure("timeout", text, usage=sent) from error
            size += len(data)
            if size > _LARGEST_REPLY:
                raise _too_large()
            try:
                stream.take(data if data else b"\n")
            except ModelFailure as failure:
                raise self._failure(
                    settings, failure.kind, failure.message, failure.usage or (sent if stream.words else None)
                ) from failure
            if heard is not None:
                heard(stream.words - told)
            told = stream.words
            if not data:
                break
        if not stream.done and not stream.complete:
            raise ModelFailure("connection", f"the answer broke off after {stream.words} words", usage=sent)
        if not stream.counted:
            self._ask_whole(settings, "does not say what a streamed answer used")
        return stream.whole()

    async def _refused(self, settings: ModelSettings, response: aiohttp.ClientResponse, body: bytes) -> ModelFailure:
        failure = http_failures.failure(response.status, response.headers, body)
        if failure.kind == "not_found":
            failure.message = f"{failure.message}. {await self._near(settings)}"
        return self._failure(settings, failure.kind, failure.message, retry_after=failure.retry_after)

    async def _near(self, settings: ModelSettings) -> str:
        """What the server does have, where it lists its models."""
        base = self.base_url(settings)
        names = await self.models(settings)
        if names is None:
            return f"Nothing at {base} lists models either: is the base URL right? It usually ends in /v1."
        near = difflib.get_close_matches(model_name(settings.model), names, n=5, cutoff=0.3) or names[:5]
        return f"The server has {', '.join(near)}." if near else "The server has no models."

    async def models(self, settings: ModelSettings) -> list[str] | None:
        """The names that the server lists; None where it lists none."""
        import aiohttp  # noqa: PLC0415 - as above

        url = f"{self.base_url(settings)}/models"
        timeout = aiohttp.ClientTimeout(total=min(_LISTING_SECONDS, settings.timeout_seconds))
        session = self._session(local=urlsplit(url).hostname in LOOPBACK)
        try:
            async with session.get(
                url, headers=self._headers(settings), timeout=timeout, allow_redirects=False
            ) as response:
                return listed(await _read(response)) if response.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ModelFailure, ValueError):
            return None

    def _session(self, *, local: bool) -> aiohttp.ClientSession:
        """A proxy of the environment is used, but never on the way to this machine itself."""
        import aiohttp  # noqa: PLC0415 - as above

        session = self._sessions.get(local)
        if session is None:
            connector = aiohttp.TCPConnector(limit=self._concurrency, limit_per_host=self._concurrency)
            session = aiohttp.ClientSession(connector=connector, trust_env=not local, auto_decompress=True)
            self._sessions[local] = session
        return session

    def _headers(self, settings: ModelSettings) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        key = self._key(settings)
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        return headers

    def _key(self, settings: ModelSettings) -> str | None:
        """The key, where it belongs to the address. A project's settings cannot send OpenAI's key somewhere else."""
        theirs = self.base_url(settings) in (OPENAI, openai_base_url(self._environ))
        if settings.key_variable is None and not theirs:
            return None
        variable = key_variable(settings, self._environ) or "OPENAI_API_KEY"
        value = self._environ.get(settings.key_variable or variable, "").strip()
        return value or None

    def _failure(
        self,
        settings: ModelSettings,
        kind: Any,
        text: str,
        usage: Usage | None = None,
        retry_after: float | None = None,
    ) -> ModelFailure:
        redact = Redaction(self._environ, settings.key_variable)
        return ModelFailure(kind, redact(text), usage=usage, retry_after=retry_after)

    def _told(self, failure: ModelFailure, request: ModelRequest) -> ModelFailure:
        usage = failure.usage
        if usage is not None and (usage.prompt_tokens or usage.completion_tokens):
            usage = priced(usage, self.price(request.settings))
        if usage is not None:
            usage = usage.model_copy(update={"calls": request.n})
        return self._failure(request.settings, failure.kind, failure.message, usage, failure.retry_after)


def model_name(model: str) -> str:
    """The name as the server knows it."""
    return model.removeprefix("openai/")


def listed(body: bytes) -> list[str] | None:
    """The names in the reply of `GET /models`; None where it is no such reply."""
    try:
        data: Any = json.loads(body)
    except ValueError:
        return None
    items = cast("Mapping[str, Any]", data).get("data") if isinstance(data, Mapping) else None
    if not isinstance(items, list):
        return None
    found = [cast("Mapping[str, Any]", i).get("id") for i in cast("list[Any]", items) if isinstance(i, Mapping)]
    return sorted(name for name in found if isinstance(name, str))


class _MannerRefused(Exception):  # noqa: N818 - an answer, to be asked otherwise
    """The server says that it cannot stream, or that it must."""


def _body(request: ModelRequest, *, own: bool, streamed: bool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": model_name(request.settings.model),
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
        **request.settings.parameters,
    }
    if streamed:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    if request.n != 1:
        body["n"] = request.n
    if request.seed is not None:
        body.setdefault("seed", request.seed)
    if own and "max_tokens" in body:  # OpenAI's newer models refuse the old name, and the older take the new
        body["max_completion_tokens"] = body.pop("max_tokens")
    return body


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The body, at most so much of it that memory is safe."""
    chunks: list[bytes] = []
    size = 0
    while chunk := await response.content.readany():
        size += len(chunk)
        if size > _LARGEST_REPLY:
            raise _too_large()
        chunks.append(chunk)
    return b"".join(chunks)


def _too_large() -> ModelFailure:
    text = f"the reply is larger than {_LARGEST_REPLY >> 20} MB"
    return ModelFailure("malformed", text, usage=Usage(calls=1, usd=None))
