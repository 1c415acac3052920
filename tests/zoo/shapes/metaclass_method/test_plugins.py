from plugins import Plugin, Registered, Tar


def test_registered_at_import():
    assert Plugin.names() == ["tar", "zip"]


def test_key():
    assert Tar.key == "tar"


def test_base_is_not_registered():
    assert not hasattr(Plugin, "key")


def test_made_in_the_test():
    made = Registered("Rar", (Plugin,), {})
    assert Registered.known.pop("rar") is made
