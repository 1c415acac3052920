import inspect

from tooling import resize


def test_result():
    assert resize(400) == (400, 300)
    assert resize(400, keep_ratio=False) == (400, 100)


def test_signature():
    parameters = inspect.signature(resize).parameters
    assert list(parameters) == ["width", "height", "keep_ratio"]
    assert parameters["height"].default == 100


def test_docstring():
    assert resize.__doc__ == "Resizes."


def test_names():
    assert (resize.__name__, resize.__qualname__, resize.__module__) == ("resize", "resize", "tooling")


def test_annotations():
    assert resize.__annotations__ == {"width": int, "height": int, "keep_ratio": bool, "return": tuple}


def test_source():
    source = inspect.getsource(resize)
    assert source.startswith("def resize(")
    assert "print(" not in source


def test_line_number():
    assert resize.__code__.co_firstlineno == 4
