"""Metrics: how an answer of the program becomes a score in [0, 1] and a sentence that a critic can act on."""
