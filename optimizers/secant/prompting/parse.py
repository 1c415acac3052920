"""The one ladder by which a model's reply becomes a text, or a reason why not. It never raises and never guesses.

From the top (algorithms.md 6.5): the last complete pair of tags; an open tag where the reply ended normally; the first
JSON object that has the key; for functions a single fenced block that parses and defines the name. What stands below is
unusable, with the raw reply kept: the whole reply never becomes the artifact. A text that was found still has to be one
(`cleaning`). A cut reply is told as such, so that the caller may ask again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, cast

from secant.optimizer import Completion
from secant.prompting.cleaning import blocks, cleaned, fault, function_fault
from secant.prompting.replies import Expected, Flag, Found, Reply, Rung, Unusable

_MOST_NOTE = 300
_MOST_TRIED = 64
"""Braces at which an object is looked for, and blocks that may be the function: a reply full of them is not read a
thousand times.
"""


def read(completion: Completion, expected: Expected, note_tag: str = "NOTE") -> Reply:
    """Climb down the ladder."""
    if completion.finish == "failed":
        return _bad(
            completion, Unusable("failed", f"the model gave no answer: {completion.reason or 'no reason given'}")
        )
    if completion.finish == "refusal":
        return _bad(completion, Unusable("refused", "the model refused to answer"))
    if not completion.text.strip():
        return _bad(completion, Unusable("no_text", "the answer was empty"))
    found = _found(completion.text, expected, cut=completion.finish == "length")
    if isinstance(found, Unusable):
        return _bad(completion, found)
    value, flags = cleaned(found, expected)
    problem = fault(value, expected)
    if problem is not None:
        return _bad(completion, problem, found.rung, flags)
    note = _note(completion.text, note_tag)
    return Reply(value=value, rung=found.rung, flags=flags, note=note, raw=completion.text, response_id=completion.id)


def tagged(text: str, tag: str) -> str | None:
    """What stands between the last complete pair of a tag, if there is any; for texts that are no artifact."""
    if f"</{tag}>" not in text:
        return None
    pairs = re.findall(rf"<{re.escape(tag)}>(.*?)</{re.escape(tag)}>", text, re.DOTALL)
    return pairs[-1].strip() if pairs else None


def _bad(completion: Completion, why: Unusable, rung: Rung = "none", flags: tuple[Flag, ...] = ()) -> Reply:
    return Reply(
        rung=rung,
        flags=flags,
        problem=why.problem,
        detail=why.detail,
        raw=completion.text,
        response_id=completion.id,
    )


def _note(text: str, tag: str) -> str:
    return " ".join((tagged(text, tag) or "").split())[:_MOST_NOTE]


def _found(text: str, expected: Expected, *, cut: bool) -> Found | Unusable:
    start, end = f"<{expected.tag}>", f"</{expected.tag}>"
    found = _tags(text, start, end)
    if found is None and start in text and not cut:
        found = Found(text.rpartition(start)[2], "open_tag", ("end_tag_missing",))
    if found is None and start not in text:
        found = _untagged(text, expected)
    if found is not None:
        return found
    if cut:
        return Unusable("truncated", "the answer was cut off by the length limit before its end tag")
    return Unusable("missing", "the answer had no text between the tags")


def _untagged(text: str, expected: Expected) -> Found | None:
    """The lower rungs: JSON, and for functions a fenced block."""
    value = _from_json(text, expected.keys)
    if value is not None:
        return Found(value, "json")
    if expected.kind == "function":
        found = [b for b in islice(blocks(text), _MOST_TRIED) if function_fault(b, expected.name) is None]
        if len(found) == 1:
            return Found(found[0], "fence")
    return None


def _tags(text: str, start: str, end: str) -> Found | Unusable | None:
    """The last complete pair. None where there is none; unusable where tags stand inside it.

    Tags amid a line are mentions (`I put it between <A> and </A>`) where there is a pair that has lines of its own.
    """
    pairs: list[_Pair] = []
    opened: list[re.Match[str]] = []
    before, stray, nested = "", False, False
    for match in _either(start, end).finditer(text):
        if match[0] == start:
            if before == end:
                stray = stray or bool(opened)
                opened.clear()
            opened.append(match)
        elif before == end and pairs:
            nested = True
            opened.clear()
        elif opened:
            pairs.append(_pair(text, opened.pop(), match))
            nested = False
        else:
            stray = True
        before = match[0]
    if not pairs:
        return None
    if nested:
        return Unusable("tags_inside", "the text between the tags held these tags itself")
    return _last(pairs, stray=stray or bool(opened))


class _Pair(NamedTuple):
    value: str
    own_lines: bool
    """Nothing else stands on the lines of its tags."""


@lru_cache(maxsize=64)
def _either(start: str, end: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(start)}|{re.escape(end)}")


def _pair(text: str, start: re.Match[str], end: re.Match[str]) -> _Pair:
    ahead = text[text.rfind("\n", 0, start.start()) + 1 : start.start()]
    behind = text[end.end() :].partition("\n")[0]
    return _Pair(text[start.end() : end.start()], not ahead.strip() and not behind.strip())


def _last(pairs: Sequence[_Pair], *, stray: bool) -> Found:
    chosen = [p for p in pairs if p.own_lines] or pairs
    flags: list[Flag] = []
    if len({p.value.strip() for p in pairs}) > 1:
        flags.append("several")
    if stray:
        flags.append("stray_tag")
    return Found(chosen[-1].value, "tags", tuple(flags))


def _from_json(text: str, keys: Sequence[str]) -> str | None:
    """The value of the first key in the first object that has one of them, wherever it stands."""
    if not any(f'"{key}"' in text for key in keys):
        return None
    decoder = json.JSONDecoder(strict=False)
    for match in islice(re.finditer(r"\{", text), _MOST_TRIED):
        try:
            value: Any = decoder.raw_decode(text, match.start())[0]
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            fields = cast("Mapping[str, object]", value)
            text_of = next((fields[key] for key in keys if isinstance(fields.get(key), str)), None)
            if isinstance(text_of, str):
                return text_of
    return None
