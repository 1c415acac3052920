from item_label import label


def test_label():
    assert label("apple", 3) == "apple (3)"
    assert label("", None) == " (None)"
