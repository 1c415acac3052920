"""Momentum: TextGrad with a window of earlier versions, the feedback that each received, and what fails in all of them.

After the momentum of TextGrad (arXiv 2406.07496; repaired in REVOLVE's `v1_momentum`). Upstream's request is never
returned by the function that builds it, and the repaired one stores feedback without showing it, although it asks for
"similar feedback across steps". Here the window shows versions with what was measured of them, x_0 in, the current one
out, rejections marked; and which cases recur is computed, not left to the reader.
"""

from __future__ import annotations

from secant.optimizers.gradient import GradientOptimizer


class MomentumOptimizer(GradientOptimizer):
    """`--optimizer momentum`."""

    name = "momentum"
