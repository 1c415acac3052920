"""Names for requests: stable hashes, the same under every PYTHONHASHSEED. Knows no provider, no file and no key.

Three names, because three memories ask different questions. The journal of a run asks "was this call of this scope
paid?", the cache "was this request ever answered, the how manieth time?", a cassette "is this what was recorded?".
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from secant.models.contract import ModelRequest, ModelSettings

_PART = 16


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical(value: Any) -> str:
    """JSON with sorted keys: one text for equal values."""
    return _CANONICAL.encode(value)


def digest(value: Any) -> str:
    """sha256 (64 hex digits) of the canonical JSON."""
    return text_digest(canonical(value))


def text_digest(text: str) -> str:
    """sha256 (64 hex digits) of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def spoken(request: ModelRequest) -> dict[str, Any]:
    """What a model hears of a request: not where it is, nor how long it may take."""
    return {
        "model": request.settings.model,
        "parameters": dict(request.settings.parameters),
        "seed": request.seed,
        "n": request.n,
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
    }


def request_text(request: ModelRequest) -> str:
    """Everything that decides the answer: what is spoken, and to whom. Timeout and key variable are left out."""
    return canonical([spoken(request), request.settings.base_url])


def settings_digest(settings: ModelSettings) -> str:
    return digest([settings.model, dict(settings.parameters), settings.base_url])


def call_key(scope: str, position: int, text: str, digested: str) -> str:
    """The name of a call in the journal: the request's, then the digest of [scope, position in it, *request].

    The first part lets a resumed run count how often a request was answered in scopes that it does not enter again.
    `text` and its digest are the request's: a long one is put into JSON once, not for each of its names.
    """
    return f"{digested[:_PART]}-{text_digest(f'[{canonical(scope)},{position},{text[1:]}')}"


def request_part(key: str) -> str:
    """The part of a call's name that says which request it was."""
    return key.partition("-")[0]


def request_name(digested: str) -> str:
    """What `request_part` gives for the keys of this request."""
    return digested[:_PART]


def cache_key(digested: str, ordinal: int) -> str:
    """The name of an answer in the cache: the same request asked again in one run is another sample."""
    return digest([digested, ordinal])
