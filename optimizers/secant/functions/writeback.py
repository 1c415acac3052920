"""Writes a new text of a function into its file: those lines, what they need, and not one other byte.

The only module of this room that changes a user's file, and only one that is still what was measured. The new file is
written beside the old one and takes its place in one step, so a crash at any moment leaves one or the other whole.
"""

from __future__ import annotations

import difflib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from secant.errors import FileChanged, UnreadableFile, WriteRefused
from secant.functions.landing import land
from secant.functions.locate import LocatedFunction
from secant.functions.textfile import TextFile, digest_of

_CONTEXT = 3
_NO_NEWLINE = "\\ No newline at end of file\n"


def apply(located: LocatedFunction, new_text: str, expected_digest: str) -> str:
    """Replaces the function in its file and returns the digest of the file as it is now.

    A symbolic link is followed to the real file, whose permissions and owner are kept.
    Raises FileChanged where the file is not the one with `expected_digest`, WriteRefused where it may not be written
    or the result would not be right. In both cases the file is as it was.
    """
    path = Path(os.path.realpath(located.path))
    require_unchanged(path, expected_digest)
    return replace_file(path, replaced(located, new_text), expected_digest)


def replace_file(path: Path, content: bytes, expected_digest: str) -> str:
    """Put `content` in the place of a file that has no links, in one step; the digest of the file as it is now.

    Raises FileChanged and WriteRefused as `apply` does, for a file of any kind.
    """
    require_unchanged(path, expected_digest)
    _require_writable(path)
    _replace(path, content, expected_digest)
    written = digest_of(path.read_bytes())
    if written != digest_of(content):
        raise FileChanged(
            "the file was changed by someone else while it was written", hint="Look at it.", where=str(path)
        )
    return written


def replaced(located: LocatedFunction, new_text: str) -> bytes:
    """The bytes of the whole file with the function's text replaced; writes nothing.

    Imports and helpers that the text brings along land with it (see `landing`). Raises WriteRefused where the text is
    something else, or where the file would not parse or would define another function there.
    """
    return land(located, new_text).file.raw


def preview_diff(located: LocatedFunction, new_text: str, *, root: Path | None = None) -> str:
    """A unified diff of the file that `patch -p1` and `git apply` take, with "\\n" line ends.

    The path is relative to `root` (the working folder where None is given) if the file lies beneath it.
    """
    landing = land(located, new_text)
    first, last, lines = landing.changed_from, located.last_line, landing.file.lines
    return lines_diff(
        located.file, first, last, lines[first - 1 : len(lines) - len(located.file.lines) + last], root=root
    )


def lines_diff(
    file: TextFile, first_line: int, last_line: int, new_lines: Sequence[str], *, root: Path | None = None
) -> str:
    """The same where lines `first_line` to `last_line` of any file are replaced by `new_lines`."""
    start, end = first_line - 1, last_line
    new = [*file.lines[:start], *new_lines, *file.lines[end:]]
    hunks = "".join(_hunks(file, new, start, end))
    name = _shown_path(file.path, root)
    return f"--- a/{name}\n+++ b/{name}\n{hunks}" if hunks else ""


# --- the file


def require_unchanged(path: Path, expected_digest: str) -> None:
    """Raises FileChanged for a file that is not the one with this digest, UnreadableFile for one that is gone."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile("there is no such file", hint="Nothing was written.", where=str(path)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile(f"it cannot be read: {reason}", hint="Nothing was written.", where=str(path)) from error
    if digest_of(data) != expected_digest:
        hint = "Nothing was written. Run the optimization again on the new text."
        raise FileChanged("the file changed since it was measured", hint=hint, where=str(path))


def _require_writable(path: Path) -> None:
    # The mode is asked too: replacing needs only the folder's permission, and an administrator may write anything.
    if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
        hint = f"Nothing was written. Make it writable (chmod u+w {path}) or apply the diff yourself."
        raise WriteRefused("the file is read-only", hint=hint, where=str(path))


def _replace(path: Path, content: bytes, expected_digest: str) -> None:
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".secant")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        _take_after(temporary, path)
        require_unchanged(path, expected_digest)
        temporary.replace(path)
    except OSError as error:
        hint = "Nothing was written. Make room or permission for it, or apply the diff yourself."
        raise WriteRefused(
            f"the file cannot be replaced: {error.strerror or error}", hint=hint, where=str(path)
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _take_after(temporary: Path, path: Path) -> None:
    """Mode, extended attributes and owner of the old file; a modification time that is later by at least a second.

    Python takes compiled bytecode as fresh where size and whole second of the source agree, and an edit such as
    `<` to `>` keeps the size: within one second of the last save, the old bytecode would go on running.
    """
    old = path.stat()
    shutil.copystat(path, temporary)
    now = temporary.stat()
    if hasattr(os, "chown") and (now.st_uid, now.st_gid) != (old.st_uid, old.st_gid):
        os.chown(temporary, old.st_uid, old.st_gid)
        temporary.chmod(stat.S_IMODE(old.st_mode))  # changing the owner clears some bits
    os.utime(temporary)
    modified = temporary.stat().st_mtime_ns
    later = max(modified, (old.st_mtime_ns // 10**9 + 1) * 10**9)
    os.utime(temporary, ns=(modified, later))


# --- the diff


def _hunks(file: TextFile, new: Sequence[str], start: int, end: int) -> Iterator[str]:
    """The hunks where lines `start` to `end` (0-based, end excluded) were replaced.

    Only these and the lines of context are compared: what stands further away is equal.
    """
    offset = max(0, start - _CONTEXT)
    after = len(file.lines) - end - _CONTEXT
    old_window, new_window = file.lines[offset : end + _CONTEXT], new[offset : len(new) - max(0, after)]
    for group in difflib.SequenceMatcher(None, old_window, new_window, autojunk=False).get_grouped_opcodes(_CONTEXT):
        yield _header(offset, group)
        for tag, old_start, old_end, new_start, new_end in group:
            removed = range(offset + old_start, offset + old_end)
            if tag == "equal":
                yield from (_line(" ", file.lines[i], file, i + 1 == len(file.lines)) for i in removed)
                continue
            yield from (_line("-", file.lines[i], file, i + 1 == len(file.lines)) for i in removed)
            added = range(offset + new_start, offset + new_end)
            yield from (_line("+", new[i], file, i + 1 == len(new)) for i in added)


def _header(offset: int, group: Sequence[tuple[str, int, int, int, int]]) -> str:
    first, last = group[0], group[-1]
    return f"@@ -{_range(offset + first[1], offset + last[2])} +{_range(offset + first[3], offset + last[4])} @@\n"


def _line(sign: str, text: str, file: TextFile, is_last: bool) -> str:
    marker = _NO_NEWLINE if is_last and not file.ends_with_newline else ""
    return f"{sign}{text}\n{marker}"


def _range(start: int, end: int) -> str:
    """Line range of a hunk's header: 1-based first line and length, the length left out where it is 1."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1},{length}" if length else f"{start},0"


def _shown_path(path: Path, root: Path | None) -> str:
    base = Path(os.path.abspath(root or Path.cwd()))  # noqa: PTH100 - a link stays as it was named
    absolute = Path(os.path.abspath(path))  # noqa: PTH100
    shown = absolute.relative_to(base) if absolute.is_relative_to(base) else absolute.relative_to(absolute.anchor)
    return shown.as_posix()
