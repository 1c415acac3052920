"""The allocators by name: how a plan's evaluations are spent on a step's candidates."""

from __future__ import annotations

from collections.abc import Mapping

from secant.errors import BadRequest
from secant.search.bandits import successive_halving, successive_rejects, ucb, ucb_e, uniform
from secant.search.bench import Allocator
from secant.search.staged import staged

ALLOCATORS: Mapping[str, Allocator] = {
    "staged": staged,
    "uniform": uniform,
    "ucb": ucb,
    "ucb_e": ucb_e,
    "successive_rejects": successive_rejects,
    "successive_halving": successive_halving,
}


def allocator(name: str) -> Allocator:
    """Raises BadRequest for an unknown name."""
    if name not in ALLOCATORS:
        raise BadRequest(f"there is no allocator named {name}", hint=f"These exist: {', '.join(ALLOCATORS)}.")
    return ALLOCATORS[name]
