"""An audit trail."""

TRAIL = []


def record(event, *, user="system"):
    entry = f"{user}: {event}"
    TRAIL.append(entry)
    return entry
