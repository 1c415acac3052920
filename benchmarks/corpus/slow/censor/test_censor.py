from censor import censor


def test_any_case():
    assert censor("Darn that DARN cat", ["darn"]) == "**** that **** cat"


def test_spaces_are_kept():
    assert censor("a  b", ["B"]) == "a  *"


def test_nothing_banned():
    assert censor("", []) == ""
    assert censor("fine", banned=[]) == "fine"


def test_a_long_text():
    banned = [f"Word{i}" for i in range(200)]
    text = " ".join(f"word{i}" for i in range(1500))
    assert censor(text, banned).count("*") == 10 * 5 + 90 * 6 + 100 * 7
