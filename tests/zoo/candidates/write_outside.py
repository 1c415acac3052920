"""Writes a file into the project."""

EXPECT = "fail"
NEEDS = "landlock"


def victim(n):
    with open("outside.txt", "w") as file:
        file.write("here")
    return 2 * n
