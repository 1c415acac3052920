"""TextGrad: textual gradient descent (arXiv 2406.07496), one critique and one new version a step behind a gate.

What it shares with the others of its family, and where that differs from the paper, is in `gradient`. TextGrad keeps no
history; here the versions that were turned down since the current one was accepted are shown, because a gate without
that memory would have the same request answered in the same way for ever.
"""

from __future__ import annotations

from secant.optimizers.gradient import GradientOptimizer


class TextGradOptimizer(GradientOptimizer):
    """`--optimizer textgrad`."""

    name = "textgrad"
