from fractions import Fraction


def _exact(total, weights):
    """What each would get if cents could be divided."""
    fixed, free = {}, {}
    for place, weight in enumerate(weights):
        if isinstance(weight, str) and weight.endswith("%"):
            fixed[place] = Fraction(weight[:-1]) / 100
        else:
            free[place] = Fraction(1) if weight is None else Fraction(str(weight))
    if any(value < 0 for value in (*fixed.values(), *free.values())) or sum(fixed.values()) > 1:
        raise ValueError("negative, or more than all")
    if not free and sum(fixed.values()) != 1:
        raise ValueError("the percentages are not 100")
    rest, whole = 1 - sum(fixed.values()), sum(free.values())
    if free and not whole:
        free = dict.fromkeys(free, Fraction(1))
        whole = Fraction(len(free))
    portions = {place: value for place, value in fixed.items()}
    portions.update({place: rest * value / whole for place, value in free.items()})
    return [total * portions[place] for place in range(len(weights))]


def share(total, weights, unit=1):
    if unit < 1:
        raise ValueError("a unit has at least one cent")
    if total < 0:
        return [-part for part in share(-total, weights, unit)]
    if not weights:
        if total:
            raise ValueError("nobody to share with")
        return []
    exact = _exact(total, weights)
    units = [int(value // unit) for value in exact]
    left = total // unit - sum(units)
    order = sorted(range(len(exact)), key=lambda n: (-(exact[n] / unit - units[n]), exact[n], -n))
    for place in order[:left]:
        units[place] += 1
    parts = [count * unit for count in units]
    parts[exact.index(max(exact))] += total % unit
    return parts
