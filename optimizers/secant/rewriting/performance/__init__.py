"""Performance rewrites: rules that understand a slow shape and say the same thing faster.

Each module holds the rules of one subject; `catalogue` knows them all. A rule reads a `Subject` and yields `Rewrite`s.
Nothing here runs a candidate or measures a gain: tests, generated inputs and the clock decide later, elsewhere.
"""

from secant.rewriting.performance.catalogue import rewrites

__all__ = ["rewrites"]
