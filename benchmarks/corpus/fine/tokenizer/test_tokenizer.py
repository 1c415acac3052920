from tokenizer import tokenize


def test_tokens():
    assert tokenize("x1 = 42 + y;") == ["x1", "=", "42", "+", "y", ";"]
    assert tokenize("") == []


def test_long():
    assert len(tokenize("area = width * 2\n" * 500)) == 2500
