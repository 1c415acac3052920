"""Rotates backups: log -> log.1 -> log.2."""


def rotate(path, keep=2):
    """Names of the backups that exist afterwards, newest first."""
    for number in range(keep - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    if path.exists():
        path.replace(path.with_name(f"{path.name}.1"))
    return sorted(found.name for found in path.parent.glob(path.name + ".*"))
