"""The server starts light: nothing that searches, tests or draws is loaded, and little of its own before it answers."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"litellm", "libcst", "pytest", "hypothesis", "typer", "rich", "numpy", "coverage"}
OF_FORMATS = {"yaml", "ruamel", "jinja2", "jsonschema", "optuna"}
PRINT = "import json, sys; print(json.dumps(sorted(sys.modules)))"


def modules(*lines: str) -> set[str]:
    """What a fresh process has loaded after these lines."""
    program = "\n".join([*lines, PRINT])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_the_whole_server_loads_nothing_that_searches() -> None:
    loaded = modules("import secant_server.server, secant_server.session, secant_server.commands")
    assert (HEAVY | OF_FORMATS) & loaded == set()
    assert not {name for name in loaded if name.startswith(("secant.rewriting", "secant.search", "secant.cli"))}
    assert not {"secant.driver", "secant.engine", "secant.registry", "secant.machine"} & loaded


def test_the_reply_to_initialize_waits_for_little() -> None:
    loaded = modules("from secant_server.server import Server", "Server()")
    assert "pydantic" not in loaded
    assert {name for name in loaded if name.partition(".")[0] == "secant"} == set()


def test_a_prompt_file_loads_what_its_format_needs() -> None:
    read = "Prompts(Path('a.prompt.md'), 'Sort {{ticket}}.'), Prompts(Path('a.jinja2'), 'Sort {{ ticket }}.')"
    loaded = modules("from pathlib import Path", "from secant_server.prompts import Prompts", read)
    assert (HEAVY | OF_FORMATS) & loaded == set()
    assert not {name for name in loaded if name.startswith(("secant.rewriting", "secant.search", "secant.cli"))}


COMMAND = ("-c", "from secant.cli import main; main()", "lsp")


@pytest.mark.parametrize("command", [("-m", "secant_server"), COMMAND, (*COMMAND, "--stdio")])
def test_it_ends_with_its_stdin(command: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, *command], input=b"", capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
