"""Hooks."""

HOOKS = []


def add_hook(name, priority=0):
    HOOKS.append((priority, name))
    HOOKS.sort(key=lambda hook: hook[0])
    return name
