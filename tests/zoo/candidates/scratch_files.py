"""Writes, moves and deletes files of its own, as a test with tmp_path does."""

import os
import tempfile

EXPECT = "ok"


def victim(n):
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "a", "b"))
        path = os.path.join(folder, "a", "file")
        with open(path, "w") as file:
            file.write("x" * n)
        moved = os.path.join(folder, "a", "b", "file")
        os.rename(path, moved)
        return 2 * os.path.getsize(moved)
