from .beds import Bed

__all__ = ["Bed"]
