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

PYTHON_ONLY = frozenset({"mixed", "rewrite"})
"""Those that begin with, or are, edits of Python by rules: for a prompt there is nothing in them."""


class Registry:
    """Optimizers by name, each given as `module:class`."""

    def __init__(self, table: Mapping[str, str] = OPTIMIZERS) -> None:
        self._table = dict(table)

    def names(self, kind: str = "") -> tuple[str, ...]:
        """All, or those that can work on a kind of text."""
        return tuple(sorted(set(self._table) - (PYTHON_ONLY if kind == "prompt" else set())))

    def create(self, name: str, kind: str = "") -> Optimizer:
        """A new optimizer, for a kind of text. Raises BadRequest for an unknown name, and for one that cannot."""
        names = self.names(kind)
        if name not in self._table:
            near = difflib.get_close_matches(name, names, n=3)
            guess = f"Did you mean {' or '.join(near)}? " if near else ""
            raise BadRequest(f"there is no optimizer named {name}", hint=f"{guess}These exist: {', '.join(names)}.")
        if name not in names:
            hint = f"These can: {', '.join(names)}."
            raise BadRequest(f"the optimizer {name} edits Python by rules, and this is a {kind}", hint=hint)
        module, _, attribute = self._table[name].partition(":")
        return getattr(importlib.import_module(module), attribute)()
