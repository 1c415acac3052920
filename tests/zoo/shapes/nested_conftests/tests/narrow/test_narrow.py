def test_narrow(short):
    assert short == "a l…"
