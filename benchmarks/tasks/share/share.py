def share(total, weights, unit=1):
    """Divide an amount of cents by weights, in whole units of so many cents. Nothing is lost."""
    whole = sum(weights)
    parts = [round(total * weight / whole / unit) * unit for weight in weights]
    parts[-1] += total - sum(parts)
    return parts
