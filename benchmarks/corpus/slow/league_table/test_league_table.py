from league_table import Player, sort_players


def test_in_place_and_no_result():
    players = [Player("Ada", 3), Player("Bo", 9)]
    assert sort_players(players) is None
    assert [player.name for player in players] == ["Bo", "Ada"]


def test_ties_keep_their_order():
    players = [Player("a", 1), Player("b", 2), Player("c", 1), Player("d", 2)]
    sort_players(players)
    assert "".join(player.name for player in players) == "bdac"


def test_nobody():
    players = []
    sort_players(players)
    assert players == []


def test_a_season():
    players = [Player(str(i), (i * 31) % 97) for i in range(1200)]
    sort_players(players)
    points = [player.points for player in players]
    assert points == sorted(points, reverse=True)
