"""The person's face: commands, what they show in a terminal, and one JSON line per event for a script.

The only room that knows typer and rich, and nobody imports it. It renders events and never decides anything about a
run: whatever a person can do here, a program can do with `secant.engine`.
"""

from secant.cli.app import application, main

__all__ = ["application", "main"]
