"""What a warm worker holds once pytest has collected: the function, the tests on it, and what runs them in children.

It is shared by everything that serves requests there, and serves none itself.
"""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from .added import Landed
from .children import Nursery
from .overlay import Overlay
from .probes import Probes
from .protocol import Channel
from .unit import Compiled, Transform, Unit, install

if TYPE_CHECKING:
    import pytest


class Collected:
    """The collected session of one function; without tests and functions until pytest has been there."""

    def __init__(self, channel: Channel, nursery: Nursery, unit: Unit, probes: Probes, overlay: Overlay) -> None:
        self.channel = channel
        self.nursery = nursery
        self.unit = unit
        self.probes = probes
        self.overlay = overlay
        self.items: dict[str, pytest.Item] = {}
        """The tests by their names."""
        self.functions: list[FunctionType] = []
        """The objects that the unit has become."""

    @property
    def namespace(self) -> dict[str, Any]:
        """The module's, once it was imported."""
        return self.overlay.loaded[-1].__dict__ if self.overlay.loaded else {}

    def compile(self, text: str, transform: Transform | None = None, landed: Landed | None = None) -> Compiled:
        """A version of the unit, as it would stand in its module. Raises what `Unit.compile` raises."""
        return self.unit.compile(text, transform, self.namespace, landed)

    def swap(self, compiled: Compiled) -> None:
        """Have every function behave as that version. Raises `Unswappable`."""
        install(self.functions, compiled)
