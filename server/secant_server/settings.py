"""The editor's settings of Secant, section `secant`: by scope, asked for once, and never trusted.

What concerns a project and not an editor (its tests, its isolation) is in its pyproject.toml and is read by the engine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, Literal, NamedTuple, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from secant.config import Goal
from secant.naming import Named
from secant_server.views import LensMode

SECTION = "secant"
_PATIENCE_SECONDS = 5.0
"""How long an editor may take to tell its settings, once: a command would hang behind one that never does."""
_MEANWHILE = "Until it does, those that it sent hold, or Secant's own. Check what they are, or restart the server."


class Settings(BaseModel):
    """What a user may set in an editor. An absent or null value means: as the project or Secant has it."""

    model_config = ConfigDict(frozen=True, defer_build=True, extra="ignore", alias_generator=to_camel, strict=True)

    interpreter: str | None = None
    """The Python that runs the tests."""
    optimizer: str = ""
    """Empty: `rewrite`, and with a model `mixed`."""
    prompt_optimizer: str = ""
    """Of prompts. Empty: `gpo`."""
    prompt_metric: str = ""
    """Empty: what the data asks for, or a run before."""
    model: str | None = None
    """As litellm names it, `vscode:NAME` for one that the editor lends, `cassette:PATH` for a recording."""
    optimizer_model: str | None = None
    base_url: str | None = None
    key_variable: str | None = None
    """The environment variable that holds the key for a server of one's own; never a key."""
    max_usd: float | None = Field(default=None, ge=0)
    max_calls: int | None = Field(default=None, ge=0)
    max_seconds: float | None = Field(default=None, gt=0)
    max_evaluations: int | None = Field(default=None, ge=0)
    code_lens: LensMode = "proposals"
    goal: Goal = "auto"
    notify: Literal["prompt", "quiet"] = "prompt"
    """Whether the end of a run asks what to do with its result."""

    @property
    def named(self) -> Named:
        """The models."""
        return Named(self.model, self.optimizer_model, self.base_url, self.key_variable)


class Understood(NamedTuple):
    """Settings, and a sentence for each value that was not understood and is at its default."""

    settings: Settings
    complaints: tuple[str, ...] = ()


def understood(section: object) -> Understood:
    """The settings in what an editor sent as section `secant`."""
    if not isinstance(section, Mapping):
        return Understood(
            Settings(), () if section is None else (f"{SECTION} is {section!r}, not a group of settings",)
        )
    given = {key: value for key, value in cast("Mapping[str, Any]", section).items() if value is not None}
    try:
        return Understood(Settings.model_validate(given))
    except ValidationError as error:
        wrong = {str(each["loc"][0]): each for each in error.errors(include_url=False)}
    complaints = tuple(f"{SECTION}.{name} is {each['input']!r}: {each['msg']}" for name, each in wrong.items())
    return Understood(
        Settings.model_validate({key: value for key, value in given.items() if key not in wrong}), complaints
    )


Ask = Callable[[str], Coroutine[Any, Any, object]]
"""Asks the editor for the section at a scope, the address of a folder or of a document."""


class Configuration:
    """The settings by scope. Asked for when they are first needed, and again after they changed."""

    def __init__(self, ask: Ask | None, complain: Callable[[str], None]) -> None:
        """`ask` is None for an editor that only ever sends its settings by itself. `complain` takes a sentence."""
        self._ask = ask
        self._complain = complain
        self._by_scope: dict[str, Settings] = {}
        self._sent = Settings()
        self._said: set[str] = set()
        self._changes = 0
        self._silent = False
        """The editor was asked and did not answer yet."""
        self._asking = asyncio.Lock()

    def known(self, scope: str) -> Settings:
        """As far as it is known now, without asking."""
        return self._by_scope.get(scope, self._sent)

    def asked(self, scope: str) -> bool:
        return self._ask is None or scope in self._by_scope

    async def of(self, scope: str) -> Settings:
        """The settings at the scope."""
        async with self._asking:  # whoever comes meanwhile finds the answer
            while self._ask is not None and scope not in self._by_scope:
                changes = self._changes
                answer = asyncio.ensure_future(self._ask(scope))
                await asyncio.wait({answer}, timeout=0 if self._silent else _PATIENCE_SECONDS)
                if changes != self._changes:  # the answer is from before the change
                    continue
                self._by_scope[scope] = self._sent
                if answer.done():
                    self._answered(scope, changes, answer)
                else:
                    self._wait_no_longer(scope, changes, answer)
        return self.known(scope)

    def sent(self, section: object) -> None:
        """The editor says that settings changed, or what they are."""
        self._changes += 1
        self._by_scope.clear()
        if section is not None:
            self._sent = self._taken(section)

    def _answered(self, scope: str, changes: int, answer: asyncio.Future[object]) -> None:
        """Take an answer, be it late. None says nothing that was not sent before."""
        self._silent = False
        if answer.cancelled() or answer.exception() is not None or changes != self._changes:
            return
        if answer.result() is not None:
            self._by_scope[scope] = self._taken(answer.result())

    def _wait_no_longer(self, scope: str, changes: int, answer: asyncio.Future[object]) -> None:
        if not self._silent:
            self._complain(f"The editor has not told its settings of Secant in {_PATIENCE_SECONDS:g} s. {_MEANWHILE}")
        self._silent = True
        answer.add_done_callback(partial(self._answered, scope, changes))

    def _taken(self, section: object) -> Settings:
        settings, complaints = understood(section)
        new = [complaint for complaint in complaints if complaint not in self._said]
        if new:
            self._said.update(new)
            self._complain(f"Secant does not understand these settings and uses its own: {'; '.join(new)}.")
        return settings
