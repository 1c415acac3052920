def test_same_session_object(water):
    assert water["kind"] == "water"
    assert len(water["dilution"]) == 3
