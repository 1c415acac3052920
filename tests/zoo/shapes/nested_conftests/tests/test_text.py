def test_root(short):
    assert short == "a longe…"
