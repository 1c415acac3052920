"""What a project says about Secant itself: the table `[tool.secant]` of its pyproject.toml."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from secant.errors import ConfigError


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Settings(BaseModel):
    """Defaults for a project; an option on the command line wins over each."""

    model_config = ConfigDict(
        frozen=True, defer_build=True, extra="forbid", alias_generator=_kebab, populate_by_name=True
    )

    python: str | None = None
    """The interpreter that runs the tests; relative to the folder of pyproject.toml."""
    tests: tuple[str, ...] = ()
    """Paths or node ids of the tests, instead of discovery."""
    pass_environment: tuple[str, ...] = ()
    """Names of environment variables that the tests need; all others that could be secrets are withheld."""
    isolation: Literal["auto", "bubblewrap", "landlock", "namespaces", "rlimits"] = "auto"
    """The least that must be reached; `auto` takes the best that the machine gives."""
    max_seconds: float | None = Field(default=None, gt=0)
    model: str | None = None
    """A litellm name (`openai/gpt-4o-mini`, `ollama/qwen3`); without one, no model is asked anything."""
    optimizer_model: str | None = None
    """Another one to write the candidates."""
    base_url: str | None = None
    """Where they answer, for a server of one's own."""
    max_usd: float | None = Field(default=None, ge=0)
    folder: Path | None = Field(default=None, exclude=True)
    """Where the pyproject.toml with these settings lies; None where there is none."""

    @property
    def named(self) -> tuple[str, ...]:
        """The models that it names."""
        return tuple(name for name in dict.fromkeys((self.model, self.optimizer_model)) if name is not None)


def read_settings(start: Path) -> Settings:
    """The settings of the nearest pyproject.toml, from `start` upwards, that has any.

    Raises ConfigError for a key that does not exist (with the nearest that does) and for a value of the wrong type.
    """
    for folder in (start, *start.parents):
        table = _table(folder / "pyproject.toml")
        if table is not None:
            return _validated(table, folder)
    return Settings()


def _table(path: Path) -> dict[str, object] | None:
    if not path.is_file():
        return None
    try:
        return tomllib.loads(path.read_text("utf-8-sig")).get("tool", {}).get("secant")
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"it cannot be read: {error}", hint="Correct it first.", where=str(path)) from error


def _validated(table: dict[str, object], folder: Path) -> Settings:
    where = f"{folder / 'pyproject.toml'} [tool.secant]"
    known = [_kebab(name) for name in Settings.model_fields if name != "folder"]
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(_kebab(key), known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
            raise ConfigError(f"there is no setting {key!r}", hint=hint, where=where)
    try:
        return Settings.model_validate({**table, "folder": folder})
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{first['loc'][0]}: {first['msg']}", hint="Correct it first.", where=where) from error
