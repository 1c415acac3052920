"""What a person can do about a model that cannot answer. Words only; keys are named, never shown."""

from __future__ import annotations

from collections.abc import Mapping

from secant.models.contract import FailureKind, ModelSettings, ModelUnavailable
from secant.models.environment import key_variable, key_variables


def unavailable(
    kind: FailureKind, detail: str, settings: ModelSettings, environ: Mapping[str, str]
) -> ModelUnavailable:
    """The error that ends the run, with what to do next."""
    said = f": {detail}" if detail else ""
    if settings.lent:
        return _not_lent(kind, said, settings)
    messages: Mapping[str, tuple[str, str]] = {
        "authentication": (f"the key for {settings.model} was refused{said}", _key(settings, environ)),
        "not_found": (f"{settings.model} was not found{said}", _name(settings)),
        "quota": (
            f"the quota for {settings.model} is used up{said}",
            "Look at the plan and the billing of the account behind the key, or name another model.",
        ),
        "connection": (f"nothing answers for {settings.model}{said}", _address(settings)),
        "unrecorded": (
            f"the cassette does not hold this request{said}",
            "Replay with the same file, options and version that it was recorded with, or record it again.",
        ),
    }
    message, hint = messages.get(kind, (f"{settings.model} cannot answer{said}", _name(settings)))
    return ModelUnavailable(message, hint=hint, where=settings.base_url)


def _not_lent(kind: FailureKind, said: str, settings: ModelSettings) -> ModelUnavailable:
    """The same for a model of the editor, which needs no key and has no address."""
    name = settings.model
    messages: Mapping[str, tuple[str, str]] = {
        "authentication": (
            f"the editor does not let Secant use {name}{said}",
            "Choose the model again in the editor and allow it, or name another one.",
        ),
        "not_found": (
            f"{name} was not found{said}",
            "Run it in VS Code with Secant's extension and choose one of the models that it lends, or name a model of "
            "your own: --model openai/gpt-4o-mini",
        ),
        "quota": (
            f"the quota for {name} is used up{said}",
            "It comes back with time, see the plan behind it; or name another model. No other one was asked instead.",
        ),
        "connection": (f"the editor does not answer for {name}{said}", "Start the run again in the editor."),
    }
    message, hint = messages.get(kind, (f"{name} cannot answer{said}", "Name another model."))
    return ModelUnavailable(message, hint=hint)


def _key(settings: ModelSettings, environ: Mapping[str, str]) -> str:
    names = key_variables(settings)
    held = key_variable(settings, environ)
    if held is not None:
        return f"The key is read from {held}: it may have expired, or belong to another provider or project."
    if not names:
        return "No variable is known to hold the key of this model. Name one: key_variable."
    return f"Set {' or '.join(names)} to a valid key. None is set now."


def _name(settings: ModelSettings) -> str:
    address = f" at {settings.base_url}" if settings.base_url else ""
    return (
        f"Is the model's name right{address}? A base URL usually ends in /v1. `secant models` lists what is reachable."
    )


def _address(settings: ModelSettings) -> str:
    if settings.base_url:
        return f"Is the server running, and is {settings.base_url} its address? A base URL usually ends in /v1."
    return "Is this machine online? Behind a proxy, HTTPS_PROXY must name it."
