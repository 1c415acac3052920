def newest_first(events, since):
    """Messages of the events since a day, newest first; events come oldest first."""
    messages = []
    for day, message in events:
        if day >= since:
            messages.insert(0, message)
    return messages
