"""Numbers of tickets."""

issued = 0
log = []


def next_ticket(series="A"):
    global issued
    issued += 1
    log.append(series)
    return f"{series}{issued:03d}"
