"""What this build can do."""

FEATURES = {"zip": (2, 1), "tar": (1, 0)}


def supports(name, version=(1, 0)):
    return name in FEATURES and FEATURES[name] >= version
