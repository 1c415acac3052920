"""Runs clean-up actions."""


def run_all(actions):
    """Runs every action; look-up errors are forgiven, the others are raised together."""
    errors = []
    for action in actions:
        try:
            action()
        except Exception as error:
            errors.append(error)
    count = 0
    try:
        if errors:
            raise ExceptionGroup("clean-up", errors)
    except* LookupError as forgiven:
        count = len(forgiven.exceptions)
    return count
