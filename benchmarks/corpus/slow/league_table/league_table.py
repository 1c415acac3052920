class Player:
    def __init__(self, name, points):
        self.name = name
        self.points = points


def sort_players(players):
    """Sort players in place, most points first; equal players keep their order."""
    for i in range(1, len(players)):
        player = players[i]
        j = i - 1
        while j >= 0 and players[j].points < player.points:
            players[j + 1] = players[j]
            j -= 1
        players[j + 1] = player
