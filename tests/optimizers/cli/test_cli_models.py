"""`secant models` as a process of its own: what is set, what answers on this machine, and what never does."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from small_project import environment

from secant.models import local
from secant.models.environment import BASE_URL_VARIABLES, KEY_VARIABLES
from tests.optimizers.commands import Commands, Starting, anew
from tests.zoo.models.server import MODELS, serving

KEY = "test-key-4be20f97d1ca43b8"
HOW = "Name one with --model, or for this project in pyproject.toml"


def models(start: Starting, folder: Path, **variables: str) -> str:
    """What the command says where only these variables say anything of models; its lines in single spaces."""
    names = {*BASE_URL_VARIABLES, *(name for names in KEY_VARIABLES.values() for name in names)}
    own = {name: value for name, value in environment().items() if name not in names}
    pipe, all_of_them = subprocess.PIPE, {**own, "COLUMNS": "200", **variables}
    with start("secant", "models", cwd=folder, env=all_of_them, stdout=pipe, stderr=pipe, text=True) as process:
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert KEY not in output
    return "\n".join(" ".join(line.split()) for line in output.splitlines())


@contextmanager
def silent(drip: bytes = b"") -> Iterator[str]:
    """The address of a server that takes connections and says nothing, or the same bytes for ever and no line end."""
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                while not over.wait(0.05):
                    connection.sendall(drip)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        finally:
            over.set()


def test_with_nothing_set_it_says_so_and_what_to_do(tmp_path: Path) -> None:
    said = models(anew, tmp_path)
    assert HOW in said
    assert "/... key in" not in said
    nobody = not local.found(local.USUAL)  # who works on Secant may well have a model server running
    assert ("No model is configured: no key in the environment" in said) == nobody


def test_keys_are_named_and_never_shown(tmp_path: Path, commands: Commands) -> None:
    said = models(commands, tmp_path, ANTHROPIC_API_KEY=KEY, GOOGLE_API_KEY=KEY, OPENAI_API_KEY="")
    lines = said.splitlines()
    assert "anthropic/... key in ANTHROPIC_API_KEY" in lines
    assert "gemini/... key in GOOGLE_API_KEY" in lines
    assert "openai/" not in said.replace("openai/gpt-4o-mini", "")
    assert "No model is configured" not in said


def test_a_server_on_this_machine_is_shown_with_its_models_and_asked_for_nothing_else(
    tmp_path: Path, commands: Commands
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.secant]\nmodel = "openai/gpt-4o-mini"\n')
    with serving("echo") as server:
        lines = models(commands, tmp_path, OPENAI_BASE_URL=server.base_url, OPENAI_API_KEY=KEY).splitlines()
        assert server.requests == []
    for name in MODELS:
        assert f"{name} OPENAI_BASE_URL at {server.base_url} free, on your machine" in lines
    assert "openai/gpt-4o-mini [tool.secant] of this project 0.15 and 0.60" in lines
    assert "openai/... key in OPENAI_API_KEY" in lines


def test_servers_that_never_answer_are_not_waited_for(tmp_path: Path, commands: Commands) -> None:
    for drip in (b"", b"x"):
        with silent(drip) as address:
            said = models(commands, tmp_path, OPENAI_BASE_URL=address)
        assert address not in said
        assert HOW in said
