"""Rankings."""


def rank(players, key=lambda player: -player[1], medals=tuple(f"{place}." for place in (1, 2, 3))):
    ordered = sorted(players, key=key)
    return [f"{medal} {name}" for medal, (name, _) in zip(medals, ordered)]
