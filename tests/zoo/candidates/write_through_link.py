"""Writes to a file of the project through a link in its scratch folder."""

import os
import tempfile

EXPECT = "fail"
NEEDS = "landlock"


def victim(n):
    link = os.path.join(tempfile.mkdtemp(), "link")
    os.symlink(os.path.abspath("module.py"), link)
    with open(link, "a") as file:
        file.write("# was here\n")
    return 2 * n
