"""Files by the addresses that an editor has for them, and when two spellings mean the same one."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pygls.uris import to_fs_path


def scheme_of(uri: str) -> str:
    """The scheme of an address: `file` for a file of this machine only; empty for what is no address."""
    try:
        scheme = urlsplit(uri).scheme
    except ValueError:
        return ""
    return "" if scheme == "file" and not _is_path(unquote(uri)) else scheme


def path_of(uri: str) -> Path:
    """The path of a `file:` address, without `..`; links are kept as the editor shows them."""
    return Path(os.path.abspath(to_fs_path(uri) or uri))  # noqa: PTH100 - Path.resolve would follow links


def real_path(path: Path) -> str:
    """What makes two spellings of a file the same."""
    return os.path.realpath(path)


def same_file(one: Path, other: Path) -> bool:
    """Whether two spellings mean one file."""
    return one == other or (one.name == other.name and real_path(one) == real_path(other))


def _is_path(name: str) -> bool:
    """Whether the system could have a file of that name at all."""
    try:
        return b"\0" not in os.fsencode(name)
    except UnicodeEncodeError:  # half of a character
        return False
