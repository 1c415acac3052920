"""First elements."""

from typing import Any, Optional, Sequence, TypeVar, Union, overload

T = TypeVar("T")
D = TypeVar("D")


@overload
def first(items: Sequence[T]) -> Optional[T]: ...


@overload
def first(items: Sequence[T], default: D) -> Union[T, D]: ...


def first(items: Sequence[Any], default: Any = None) -> Any:
    """The first element or the default."""
    for item in items:
        return item
    return default
