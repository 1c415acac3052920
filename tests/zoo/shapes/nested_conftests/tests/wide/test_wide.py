def test_wide(short):
    assert short == "a longer sentence"
