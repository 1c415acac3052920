"""What an HTTP status and its body say about a failed request. Values in, a ModelFailure out; nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

from secant.models.contract import FailureKind, ModelFailure

_QUOTA = ("insufficient_quota", "quota", "billing", "insufficient credits", "credit balance", "payment required")
_LONGEST = 600
_STATUSES: Mapping[int, FailureKind] = {
    401: "authentication",
    402: "quota",
    403: "authentication",
    404: "not_found",
    405: "not_found",
    408: "timeout",
    409: "server",
    425: "server",
    429: "rate_limit",
}


def kind_of(status: int, text: str) -> FailureKind:
    """The kind of failure of a status outside 2xx. A used up quota comes as 429 or 403 and in words."""
    if status in (402, 403, 429) and any(word in text.lower() for word in _QUOTA):
        return "quota"
    if 300 <= status < 400:
        return "not_found"
    return _STATUSES.get(status, "server" if status >= 500 else "bad_request")


def failure(status: int, headers: Mapping[str, str], body: bytes) -> ModelFailure:
    """The failure that a reply outside 2xx stands for."""
    text = said(body)
    kind = kind_of(status, text)
    words = f"HTTP {status}: {text}" if text else f"HTTP {status}"
    if kind == "quota":
        words = f"quota: {words}"
    if 300 <= status < 400 and headers.get("Location"):
        words = f"{words} (the address redirects to {headers['Location']})"
    return ModelFailure(kind, words, retry_after=retry_after(headers))


def of_error(error: Any) -> ModelFailure:
    """The failure in an error object that came with status 200, as some routers send it."""
    text = said(json.dumps({"error": error}).encode())
    code = cast("Mapping[str, Any]", error).get("code") if isinstance(error, Mapping) else None
    status = code if isinstance(code, int) and 300 <= code < 600 else 500
    return ModelFailure(kind_of(status, text), f"the reply is an error: {text}")


def said(body: bytes) -> str:
    """What an error's body says, in one line."""
    try:
        data: Any = json.loads(body)
    except ValueError:
        data = None
    text = _message(data) or body[: 4 * _LONGEST].decode("utf-8", "replace")
    return " ".join(text.split())[:_LONGEST]


def _message(data: Any) -> str:
    """The words in the usual places: `error.message`, `error`, `message`, `detail`; with the error's code."""
    if not isinstance(data, Mapping):
        return ""
    fields = cast("Mapping[str, Any]", data)
    error = fields.get("error", fields.get("message", fields.get("detail", "")))
    if isinstance(error, Mapping):
        details = cast("Mapping[str, Any]", error)
        code = details.get("code") or details.get("type") or ""
        return f"{details.get('message', '')} ({code})" if code else str(details.get("message", ""))
    return error if isinstance(error, str) else json.dumps(error)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that the server asks for, from `retry-after-ms` or `Retry-After` (seconds or a date)."""
    given = {name.lower(): value for name, value in headers.items()}
    milliseconds = _number(given.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = given.get("retry-after")
    seconds = _number(value)
    if seconds is not None or value is None:
        return seconds
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())


def _number(value: str | None) -> float | None:
    try:
        number = float(value) if value is not None else None
    except ValueError:
        return None
    return number if number is not None and 0 <= number < float("inf") else None
