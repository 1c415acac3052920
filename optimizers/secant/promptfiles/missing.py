"""The error for a placeholder that no field of a case fills, with the fields that may have been meant."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from secant.errors import BadRequest

_NEAR = 3


def unfilled(placeholder: str, name: str, fields: Sequence[str], as_text: str) -> BadRequest:
    """The error for a placeholder without a value; `as_text` is what to do where a prompt only speaks of one."""
    near = difflib.get_close_matches(name, fields, n=_NEAR, cutoff=0.6)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    there = f"The case has: {', '.join(fields)}." if fields else "The case has no fields."
    text = "" if near else f" If it is no placeholder but text, {as_text}."
    return BadRequest(f"no field of the case fills the placeholder {placeholder}", hint=f"{meant}{there}{text}")
