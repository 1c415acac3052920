def pytest_addoption(parser):
    parser.addoption("--longest", type=int, default=3)


def pytest_generate_tests(metafunc):
    if "word" in metafunc.fixturenames:
        longest = metafunc.config.getoption("longest")
        metafunc.parametrize("word", ["abcdef"[:length] for length in range(1, longest + 1)])
