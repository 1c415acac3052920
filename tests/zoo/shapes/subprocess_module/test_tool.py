import subprocess
import sys

from tool.cli import main, render


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "tool", *arguments], capture_output=True, text=True)


def test_in_process():
    assert render(["a", "b"]) == "| a b |"


def test_as_a_command():
    assert run("a", "b").stdout == "| a b |\n"


def test_no_arguments():
    assert run().returncode == 2


def test_main(capsys):
    assert main(["x"]) == 0
    assert capsys.readouterr().out == "| x |\n"
