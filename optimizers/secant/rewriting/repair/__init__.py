"""The model-free repair catalogue: single edits that undo the usual mistakes, in the order of their likelihood.

`catalogue` is the registry of operators, which are grouped by what they change: operators, constants, names, slices,
calls, conditions, loops, wrapping, statements, branches, insertions, flow, guards, mutable_defaults. They read a
function through `anatomy` (with `precedence`, `kinds` and `layout`), write edits through `drafting`, and take their
weights from `priors`. `ranking` orders the result. No operator knows a test, a file or another operator's results.
"""

from secant.rewriting.repair.catalogue import edits
from secant.rewriting.repair.ranking import pairs, ranked

__all__ = ["edits", "pairs", "ranked"]
