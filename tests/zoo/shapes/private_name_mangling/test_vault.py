from vault import Vault


def test_opens():
    assert Vault("1234").open("1234")


def test_three_failures_lock():
    vault = Vault("1234")
    assert not any(vault.open(pin) for pin in ("1", "2", "3"))
    assert not vault.open("1234")


def test_success_resets():
    vault = Vault("1234")
    attempts = [vault.open(pin) for pin in ("1", "2", "1234", "3", "1234")]
    assert attempts == [False, False, True, False, True]


def test_mangled_name():
    vault = Vault("1234")
    vault.open("9")
    assert vault._Vault__failures == 1
