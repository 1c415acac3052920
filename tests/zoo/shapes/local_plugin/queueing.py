"""A single queue."""


def average_wait(arrivals, service=2):
    if not arrivals:
        return 0.0
    free, waited = 0, 0
    for arrival in sorted(arrivals):
        start = max(free, arrival)
        waited += start - arrival
        free = start + service
    return waited / len(arrivals)
