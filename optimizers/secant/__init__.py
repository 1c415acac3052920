"""Secant: optimizes text that can be tested, and shows the evidence."""

__version__ = "0.1.0"
