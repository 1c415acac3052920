pytest_plugins = ["arrivals_plugin"]
