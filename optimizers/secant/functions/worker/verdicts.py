"""The screen's verdicts, in memory that the parent shares with the child that judges.

The child writes as it goes, so whatever becomes of it, everything up to the candidate that ended it is known.
"""

from __future__ import annotations

import mmap
import struct

UNKNOWN, PASSED, FAILED, FUEL, INVALID, UNSWAPPABLE, HURT = range(7)
_HEADER = struct.Struct("=iii")
_ROW = struct.Struct("=BH")
_MOST = 0xFFFF


class VerdictTable:
    """A verdict and a count of passed tests for each candidate, and how far the child has come.

    `current` is the candidate that is judged now, `trusted` the first one that no canary stands behind yet, `soured`
    whether the canary died: the original does not behave any more in this child.
    """

    def __init__(self, size: int) -> None:
        self._memory = mmap.mmap(-1, _HEADER.size + _ROW.size * size)
        self._size = size

    def note(self, current: int, trusted: int, *, soured: bool = False) -> None:
        _HEADER.pack_into(self._memory, 0, current, trusted, soured)

    def progress(self) -> tuple[int, int, bool]:
        """`current`, `trusted`, `soured`."""
        current, trusted, soured = _HEADER.unpack_from(self._memory, 0)
        return current, trusted, bool(soured)

    def set(self, index: int, verdict: int, passed: int = 0) -> None:
        _ROW.pack_into(self._memory, _HEADER.size + _ROW.size * index, verdict, min(passed, _MOST))

    def withdraw(self, start: int, end: int) -> None:
        """Nothing is known of these candidates."""
        for index in range(start, end):
            self.set(index, UNKNOWN)

    def columns(self) -> tuple[list[int], list[int]]:
        """All verdicts, all counts."""
        rows = [_ROW.unpack_from(self._memory, _HEADER.size + _ROW.size * index) for index in range(self._size)]
        return [verdict for verdict, _ in rows], [passed for _, passed in rows]

    def close(self) -> None:
        self._memory.close()
