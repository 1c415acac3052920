"""The models that can be named here, for whoever chooses one: the project's own, those of keys, local servers' models.

Asks nothing but servers on this machine, and those that the environment names. Keys are named, never shown. The models
of an editor are not known here: the editor lists them itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from secant.models import environment, local
from secant.models.contract import LENT
from secant.models.prices import price, table

FREE = "free, on your machine"
_MILLION = 1_000_000
_SNAPSHOT = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{6,8}|\d{4})(?:$|-|:)|^ft:|audio|realtime|transcribe|tts|image")
"""A model by its date, or one that does not write texts."""


class Known(BaseModel):
    """A model that can be named."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, validate_by_name=True)

    name: str
    """As settings name it."""
    provider: str
    source: Literal["project", "key", "local"]
    detail: str
    """Where it comes from, in words."""
    price: str
    base_url: str | None = None
    """What settings must name besides; None where the name is enough."""

    def wire(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)


def known(
    project: Sequence[str], base_url: str | None, environ: Mapping[str, str], today: str | None = None
) -> Sequence[Known]:
    """The project's own first, which answer at `base_url`; then those of this machine; then those of providers that a
    key is set for. `today` as 2026-01-31: what its provider had ended by then is left out.
    """
    servers = local.found(local.places(environ))
    now = today or f"{datetime.now(UTC):%Y-%m-%d}"
    return [*_of_project(project, base_url), *_of_servers(servers), *_of_keys(environ, now)]


def priced(name: str) -> str:
    """Dollars for a million tokens, in and out; or that it has no price, or none that is known."""
    if name.startswith(LENT):
        return "requests of your plan"
    found = price(name)
    if found is None:
        return "unknown"
    return f"{found.prompt * _MILLION:.2f} and {found.completion * _MILLION:.2f}"


def _of_project(names: Sequence[str], base_url: str | None) -> Iterator[Known]:
    for name in names:
        provider = "vscode" if name.startswith(LENT) else environment.provider_of(name)
        yield Known(
            name=name,
            provider=provider,
            source="project",
            detail="[tool.secant] of this project",
            price=_in_words(name),
            base_url=base_url,
        )


def _of_servers(servers: Sequence[local.LocalServer]) -> Iterator[Known]:
    for server in servers:
        for name in server.models:
            yield Known(
                name=server.settings(name).model,
                provider=server.name,
                source="local",
                detail=f"{server.name} at {server.base_url}",
                price=FREE,
                base_url=server.base_url,
            )


def _of_keys(environ: Mapping[str, str], today: str) -> Iterator[Known]:
    """What the table of prices lists for the provider: models that chat, by their lasting names."""
    for provider, variable in environment.configured(environ).items():
        for name in _listed(provider, today):
            yield Known(name=name, provider=provider, source="key", detail=f"key in {variable}", price=_in_words(name))


def _listed(provider: str, today: str) -> Sequence[str]:
    found: set[str] = set()
    for name, entry in table().items():
        if entry.get("litellm_provider") != provider or entry.get("mode") != "chat" or _SNAPSHOT.search(name):
            continue
        if "input_cost_per_token" not in entry and "max_input_tokens" not in entry:
            continue  # not a model: a tool that is billed
        until = entry.get("deprecation_date")
        if not isinstance(until, str) or until > today:
            found.add(name if name.startswith(f"{provider}/") else f"{provider}/{name}")
    return sorted(found)


def _in_words(name: str) -> str:
    """`$0.15 in, $0.60 out, per million tokens`."""
    if name.startswith(LENT):
        return "requests of your plan"
    found = price(name)
    if found is None:
        return "price unknown"
    return f"${found.prompt * _MILLION:.2f} in, ${found.completion * _MILLION:.2f} out, per million tokens"
