"""A play list."""


class Playlist:
    def __init__(self, *songs):
        self.songs = list(songs)
        self.removed = set()

    def __len__(self):
        return len([song for song in self.songs if song not in self.removed])

    def remove(self, song):
        self.removed.add(song)
