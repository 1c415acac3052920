"""Sizes of nested folders: {name: number or folder}."""


def size(folder):
    return sum(entry_size(entry) for entry in folder.values())


def entry_size(entry):
    return size(entry) if isinstance(entry, dict) else entry
