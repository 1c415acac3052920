"""Tries again."""

import logging

log = logging.getLogger(__name__)


def retry(action, times=3):
    for attempt in range(1, times + 1):
        try:
            return action()
        except ValueError as error:
            log.warning("attempt %d of %d failed: %s", attempt, times, error)
    log.error("gave up")
    return None
