"""Runs another program, as a test of a command line does."""

import subprocess
import sys

EXPECT = "ok"


def victim(n):
    done = subprocess.run([sys.executable, "-I", "-S", "-c", f"print({n} * 2)"], capture_output=True, check=True)
    return int(done.stdout)
