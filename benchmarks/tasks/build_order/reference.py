def build_order(needs, first=()):
    names = list(needs)
    for entries in needs.values():
        for entry in entries:
            name = entry.lstrip("!")
            if not entry.startswith("?") and not entry.endswith("*") and name not in names:
                names.append(name)
    hard = {name: [] for name in names}
    soft = {name: [] for name in names}
    for name, entries in needs.items():
        for entry in entries:
            if entry.startswith("?"):
                if entry[1:] in hard:
                    soft[name].append(entry[1:])
            elif entry.startswith("!"):
                hard[entry[1:]].append(name)
            elif entry.endswith("*"):
                hard[name] += [other for other in names if other.startswith(entry[:-1]) and other != name]
            else:
                hard[name].append(entry)
    users = {name: sum(name in hard[other] for other in names) for name in names}

    def rank(name):
        wanted = first.index(name) if name in first else len(first)
        return wanted, -users[name], len(name), name

    order = []
    while len(order) < len(names):
        left = [name for name in names if name not in order]
        ready = [name for name in left if all(other in order for other in hard[name])]
        if not ready:
            raise ValueError("cycle: " + " -> ".join(_cycle(hard, left)))
        willing = [name for name in ready if all(other in order for other in soft[name])]
        order.append(min(willing or ready, key=rank))
    return order


def _cycle(hard, left):
    found = []
    for start in sorted(left):
        paths = [[start]]
        while paths and not found:
            longer = []
            for path in paths:
                for other in sorted(hard[path[-1]]):
                    if other == start:
                        return [*path, start]
                    if other in left and other not in path:
                        longer.append([*path, other])
            paths = longer
    return found
