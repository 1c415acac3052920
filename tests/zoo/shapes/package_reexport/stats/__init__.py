"""Statistics."""

from .robust import trimmed_mean
from .robust import trimmed_mean as tmean

__all__ = ["tmean", "trimmed_mean"]
