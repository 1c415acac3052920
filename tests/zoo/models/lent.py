"""What an editor's model answers in place of a server: the same behaviours, as `secant/complete` and its lines say it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.zoo.models import repairer


def repaired(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The repairer's answer to a request in its wire form."""
    body = json.loads(repairer.reply({"model": asked["model"], "messages": asked["messages"]}).body)
    usage, (choice,) = body["usage"], body["choices"]
    return {
        "text": choice["message"]["content"],
        "model": asked["model"],
        "finish": "stop",
        "promptTokens": usage["prompt_tokens"],
        "completionTokens": usage["completion_tokens"],
    }


def refused(kind: str, message: str) -> dict[str, Any]:
    return {"failure": {"kind": kind, "message": message, "retryAfter": None}}
