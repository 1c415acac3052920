"""Mechanisms that optimizers share, one per file. They know the protocol and the values, nothing else."""
