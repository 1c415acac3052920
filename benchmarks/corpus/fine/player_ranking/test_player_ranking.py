from player_ranking import rank_players


def test_ties():
    assert rank_players([("a", 1), ("b", 2), ("c", 1)]) == [("b", 2), ("a", 1), ("c", 1)]
    assert rank_players([]) == []


def test_season():
    players = [(str(i), (i * 37) % 401) for i in range(3000)]
    assert rank_players(players)[0][1] == 400
