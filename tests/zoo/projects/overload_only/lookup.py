"""First elements."""

from typing import Optional, Sequence, overload


@overload
def first(items: Sequence[int]) -> Optional[int]: ...


@overload
def first(items: str) -> Optional[str]: ...
