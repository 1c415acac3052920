"""Takes keys out of texts: values that the environment holds, and whatever looks like a key. Knows no provider."""

from __future__ import annotations

import re
from collections.abc import Mapping

from secant.models.environment import secrets

REDACTED = "[redacted]"
_PATTERN = re.compile(
    r"""
    \b(?:sk|pk|rk)-[\w*.-]{6,}          # OpenAI, Anthropic, OpenRouter; also their own masked form sk-ab***yz
  | \b(?:gsk_|hf_|xai-|r8_|nvapi-|ghp_|gho_|github_pat_)[\w-]{8,}
  | \bAIza[\w-]{20,}
  | \bAKIA[0-9A-Z]{12,}
  | (?<=Bearer\ )[^\s"',;]{6,}
  | (?<=://)[^/\s:@"']+:[^/\s@"']+(?=@)  # user:password in an address
  | (?i:(?<=api_key=)|(?<=api-key:\ )|(?<=apikey=)|(?<=[?&]key=))[^\s"'&,;]{6,}
    """,
    re.VERBOSE,
)


class Redaction:
    """The keys of one environment. `values` is for what a model wrote, calling it for what an error says."""

    def __init__(self, environ: Mapping[str, str], *variables: str | None) -> None:
        """`variables` hold keys besides those whose names say so (`ModelSettings.key_variable`)."""
        self._values = secrets(environ, *(v for v in variables if v is not None))

    def values(self, text: str) -> str:
        """The text without the environment's keys. Nothing else is touched: code may well hold what looks like one."""
        for value in self._values:
            if value in text:
                text = text.replace(value, REDACTED)
        return text

    def __call__(self, text: str) -> str:
        """The text without those, and without anything that looks like a key."""
        return _PATTERN.sub(REDACTED, self.values(text))
