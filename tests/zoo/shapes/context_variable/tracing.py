"""Names of what is under way."""

import contextvars

current = contextvars.ContextVar("current", default="root")


def span(name, work=lambda: current.get()):
    token = current.set(f"{current.get()}/{name}")
    try:
        return work()
    finally:
        current.reset(token)
