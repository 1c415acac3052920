from moving_average import moving_average


def test_small():
    assert moving_average([1, 2, 3, 4], 2) == [1.5, 2.5, 3.5]


def test_window_is_too_wide():
    assert moving_average([1, 2], 3) == []


def test_window_of_one():
    assert moving_average([4, -4], 1) == [4.0, -4.0]


def test_long_series():
    values = [(i * 31) % 17 for i in range(4000)]
    averages = moving_average(values, 85)
    assert len(averages) == 3916
    assert set(averages) == {8.0}
