"""Write docs/events.md from optimizers/secant/events.py: the JSON lines that `secant optimize --json` prints.

    python docs/make_events.py

A test compares the page with what this makes, so the page cannot fall behind the code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE.parent / "optimizers" / "secant" / "events.py"
PAGE = HERE / "events.md"
_HEAD = """# Events

{about}

A line is an object such as

    {{"seq": 3, "time": 1767225600.0, "run": "20260101-000000000-9f3a", "type": "notice", "level": "info", ...}}

Read them in Python with `secant.events.parse(line)`. This page is made from `optimizers/secant/events.py`.
"""


def page() -> str:
    """The whole page."""
    module = ast.parse(SOURCE.read_text(encoding="utf-8"))
    sections = [_HEAD.format(about=ast.get_docstring(module))]
    models = (node for node in module.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_"))
    sections.extend("\n".join(_section(node)) + "\n" for node in models)
    return "\n".join(sections)


def _section(node: ast.ClassDef) -> Iterator[str]:
    kind = next((ast.literal_eval(f.value) for f in _fields(node) if _name(f) == "type" and f.value), None)
    yield f"## `{kind}`" if kind else f"## {node.name} (part of other events)"
    yield ""
    yield ast.get_docstring(node) or ""
    yield ""
    yield "| field | type | what |"
    yield "|---|---|---|"
    for position, statement in enumerate(node.body):
        if isinstance(statement, ast.AnnAssign) and _name(statement) != "type":
            kind_text = ast.unparse(statement.annotation).replace("|", "\\|")
            yield f"| `{_name(statement)}` | `{kind_text}` | {_described(node.body, position)} |"


def _fields(node: ast.ClassDef) -> Iterator[ast.AnnAssign]:
    return (s for s in node.body if isinstance(s, ast.AnnAssign))


def _name(field: ast.AnnAssign) -> str:
    return field.target.id if isinstance(field.target, ast.Name) else ""


def _described(body: list[ast.stmt], position: int) -> str:
    following = body[position + 1] if position + 1 < len(body) else None
    if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
        return " ".join(str(following.value.value).split()).replace("|", "\\|")
    return ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
