"""Values of the configuration."""

import os


def load(prefix="APP_"):
    return {name[len(prefix) :].lower(): value for name, value in os.environ.items() if name.startswith(prefix)}


VALUES = load("ZOO_CONFIG_")
