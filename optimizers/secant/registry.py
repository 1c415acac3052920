"""The optimizers by name: the only file that knows them all.

They are imported when they are asked for, so that naming them costs nothing.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping

from secant.errors import BadRequest
from secant.optimizer import Optimizer

OPTIMIZERS: Mapping[str, str] = {
    "ape": "secant.optimizers.ape:APEOptimizer",
    "gpo": "secant.optimizers.gpo:GPOOptimizer",
    "gepa": "secant.optimizers.gepa:GEPAOptimizer",
    "hessiangrad": "secant.optimizers.hessiangrad:HessianGradOptimizer",
    "mipro": "secant.optimizers.mipro:MIPROOptimizer",
    "mixed": "secant.optimizers.mixed:MixedOptimizer",
    "momentum": "secant.optimizers.momentum:MomentumOptimizer",
    "opro": "secant.optimizers.opro:OPROOptimizer",
    "portfolio": "secant.optimizers.portfolio:PortfolioOptimizer",
    "protegi": "secant.optimizers.protegi:ProTeGiOptimizer",
    "rewrite": "secant.optimizers.rewrite:RewriteOptimizer",
    "sampling": "secant.optimizers.sampling:SamplingOptimizer",
    "textgrad": "secant.optimizers.textgrad:TextGradOptimizer",
}


class Registry:
    """Optimizers by name, each given as `module:class`."""

    def __init__(self, table: Mapping[str, str] = OPTIMIZERS) -> None:
        self._table = dict(table)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._table))

    def create(self, name: str) -> Optimizer:
        """A new optimizer. Raises BadRequest for an unknown name."""
        if name not in self._table:
            near = difflib.get_close_matches(name, self._table, n=3)
            guess = f"Did you mean {' or '.join(near)}? " if near else ""
            raise BadRequest(
                f"there is no optimizer named {name}", hint=f"{guess}These exist: {', '.join(self.names())}."
            )
        module, _, attribute = self._table[name].partition(":")
        return getattr(importlib.import_module(module), attribute)()
