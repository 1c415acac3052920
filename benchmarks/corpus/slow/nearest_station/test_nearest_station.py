from nearest_station import assign


def test_nearest():
    assert assign([(48.1, 11.5), (52.5, 13.4)], [(52.0, 13.0), (48.0, 11.0)]) == [1, 0]


def test_first_of_equals():
    assert assign([(0.0, 0.0)], [(1.0, 0.0), (-1.0, 0.0)]) == [0]


def test_no_stations():
    assert assign([(0.0, 0.0)], []) == [-1]


def test_a_city():
    stations = [(50.0 + i / 100, 8.0) for i in range(60)]
    visitors = [(50.0 + (i % 60) / 100 + 0.001, 8.0) for i in range(400)]
    assert assign(visitors, stations) == [i % 60 for i in range(400)]
