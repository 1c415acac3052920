"""`secant models`: what is configured, which local servers answer and what they hold, and what a named model costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from secant.functions.settings import Settings
from secant.models import environment, local
from secant.models.known import FREE, priced

_HOW = (
    'Name one with --model, or for this project in pyproject.toml: [tool.secant] model = "openai/gpt-4o-mini". '
    "Without a model everything else works all the same."
)


def show(settings: Settings, environ: Mapping[str, str], console: Console) -> None:
    """Print it. Asks nothing but servers on this machine, and those that the environment names."""
    keys = environment.configured(environ)
    servers = local.found(local.places(environ))
    table = Table("model or provider", "where", "dollars for a million tokens, in and out", box=None, pad_edge=False)
    for name in settings.named:
        table.add_row(name, r"\[tool.secant] of this project", priced(name))
    for provider, variable in keys.items():
        table.add_row(f"{provider}/...", f"key in {variable}", "")
    for server in servers:
        _add_server(table, server)
    if table.row_count:
        console.print(table)
    else:
        console.print("No model is configured: no key in the environment, and no server of this machine answers.")
    console.print(_HOW, style="dim", markup=False)


def _add_server(table: Table, server: local.LocalServer) -> None:
    models: Sequence[str] = server.models or ("(no model)",)
    for name in models:
        table.add_row(name, f"{server.name} at {server.base_url}", FREE)
