def schedule(jobs, quantum):
    """Names in the order in which jobs (name, minutes) finish when each runs for a quantum in turn."""
    waiting = list(jobs)
    finished = []
    while len(waiting) > 0:
        name, minutes = waiting.pop(0)
        if minutes > quantum:
            waiting.append((name, minutes - quantum))
        else:
            finished.append(name)
    return finished
