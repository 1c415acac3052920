def test_outside_testpaths():
    raise AssertionError("testpaths should leave this out")
