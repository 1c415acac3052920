from commands import COMMANDS, run


def test_through_the_registry():
    assert COMMANDS["greet"](["ann", "bob"]) == "Hello Ann and Bob!"


def test_through_a_line():
    assert run("greet eve") == "Hello Eve!"


def test_the_other_command():
    assert run("echo a b") == "a b"


def test_names():
    assert sorted(COMMANDS) == ["echo", "greet"]
