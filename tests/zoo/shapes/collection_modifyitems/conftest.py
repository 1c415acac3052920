def pytest_collection_modifyitems(config, items):
    hidden = [item for item in items if "hidden" in item.name]
    config.hook.pytest_deselected(items=hidden)
    items[:] = sorted((item for item in items if item not in hidden), key=lambda item: item.name, reverse=True)
