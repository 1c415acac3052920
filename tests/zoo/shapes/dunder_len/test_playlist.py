from playlist import Playlist


def test_length():
    assert len(Playlist("a", "b", "a")) == 3


def test_removed_do_not_count():
    playlist = Playlist("a", "b", "a")
    playlist.remove("a")
    assert len(playlist) == 1


def test_empty_is_false():
    assert not Playlist()


def test_filled_is_true():
    assert Playlist("a")
