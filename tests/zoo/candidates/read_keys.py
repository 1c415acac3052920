"""Reads a private key."""

EXPECT = "fail"
NEEDS = "landlock"


def victim(n):
    with open("home-path") as file:
        home = file.read()
    with open(f"{home}/.ssh/id_ed25519") as file:
        return 2 * n if file.read() else 0
