def label(name, count):
    return f"{name} ({count})"
