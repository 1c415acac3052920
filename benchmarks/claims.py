"""How often a refined prompt is called better: where it is not (false claims), and where it is (power).

Whole runs of `secant refine`, with the real driver, optimizer, splits and held-out test, on a program that answers at
chance: every version passes a case with the same probability, or every new version with more by a known difference,
independently for each case. The search picks the best of what it tried on its own cases, so what it offers has been
lucky there; the held-out cases must not be fooled by that. Beside the share of runs that claim a gain stands the exact
probability that a two-sided sign test at 5 % finds in favour of the new version on so many cases.

    python -m benchmarks.claims [--limit RUNS] [--json FILE]
"""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from math import comb
from pathlib import Path

from benchmarks import _support
from benchmarks._support import Frozen, Table
from secant.budget import Budget
from secant.cancellation import Cancellation
from secant.config import RefineRequest
from secant.events import Finished
from secant.history import History
from secant.journal import Recorder
from secant.kinds import Surroundings
from secant.optimizer import Answered, Completion, LanguageModel
from secant.promptfiles.refining import Refining
from secant.promptfiles.subject import find_prompt
from secant.registry import Registry
from secant.search.acceptance import sign_test, wilson_lower
from secant.types import Level

RUNS = 200
STEPS = 3
SEEN = 56
"""Cases of the search: about 32 to learn from and 24 to select by."""
RIGHT = 0.5
"""The share of cases that the first version passes."""
CONDITIONS = tuple((gain, held) for gain in (0.0, 0.2) for held in (8, 24, 40))
OPTIMIZERS = ("gpo", "protegi")
PROMPT = "Question {{question}}. Answer yes or no.\n"
TAG = re.compile(r"<IMPROVED([\w-]*)>")
ASKED = re.compile(r"Question (\w+)")


class Row(Frozen):
    """One condition of one optimizer."""

    optimizer: str
    gain: float
    held: int
    runs: int
    offered: int
    """Runs whose winner was no worse on the held-out cases."""
    claimed: int
    exact: float


class Chance:
    """Models that answer at chance. Implements `optimizer.LanguageModel`."""

    def __init__(self, seed: str, gain: float) -> None:
        self._seed = seed
        self._gain = gain
        self._made = 0

    def within(self, scope: str) -> Chance:
        return self

    def complete(
        self, level: Level, messages: Sequence[Mapping[str, str]], *, n: int = 1, purpose: str = ""
    ) -> Sequence[Completion]:
        said = "\n".join(m["content"] for m in messages)
        return [Completion(id="", text=self._answer(level, said)) for _ in range(n)]

    def complete_many(
        self,
        level: Level,
        batches: Sequence[Sequence[Mapping[str, str]]],
        *,
        purpose: str = "",
        answered: Answered | None = None,
    ) -> Sequence[Completion]:
        return [self.complete(level, messages, purpose=purpose)[0] for messages in batches]

    def _answer(self, level: Level, said: str) -> str:
        if level == "program":
            asked = ASKED.search(said)
            likely = RIGHT + (self._gain if "Rule" in said else 0.0)
            lucky = random.Random(f"{self._seed}\0{said}").random() < likely
            return "yes" if lucky and asked else "no"
        self._made += 1
        wanted = TAG.findall(said)
        if not wanted:
            return f"Some cases fail ({self._made})."
        text = f"Rule {self._made}. Question ⟦question⟧. Answer yes or no."
        return f"<IMPROVED{wanted[-1]}>\n{text}\n</IMPROVED{wanted[-1]}>"


def ended(folder: Path, optimizer: str, gain: float, seed: int) -> Finished:
    """One run."""
    request = RefineRequest(
        target="ask.md", folder=folder, report_data=("held.jsonl",), optimizer=optimizer, max_steps=STEPS, seed=seed
    )

    @contextmanager
    def models(budget: Budget) -> Generator[LanguageModel]:
        yield Chance(f"{optimizer}/{gain}/{seed}", gain)

    around = Surroundings(models, Recorder("claims", None, []), Cancellation(), History(), environment={})
    return Refining(request, find_prompt(request), Registry().create(optimizer), around).run()


def measured(folder: Path, optimizer: str, gain: float, held: int, runs: int) -> Row:
    folder.mkdir()
    (folder / "ask.md").write_text(PROMPT, encoding="utf-8")
    for name, count, letter in (("ask.eval.jsonl", SEEN, "s"), ("held.jsonl", held, "h")):
        cases = [{"question": f"{letter}{n}", "expected": "yes"} for n in range(count)]
        (folder / name).write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    results = [ended(folder, optimizer, gain, seed) for seed in range(runs)]
    claimed = sum(bool(f.score and f.score.claimed) for f in results)
    offered = sum(f.outcome == "improved" for f in results)
    return Row(
        optimizer=optimizer, gain=gain, held=held, runs=runs, offered=offered, claimed=claimed, exact=exact(held, gain)
    )


def exact(n: int, gain: float) -> float:
    """The probability that the test on `n` pairs of independent answers is significant and in favour of the new."""
    won, lost = (RIGHT + gain) * (1 - RIGHT), (1 - RIGHT - gain) * RIGHT
    same = 1 - won - lost
    found = 0.0
    for wins in range(n + 1):
        for losses in range(min(wins, n - wins + 1)):
            if sign_test(wins, losses) < 0.05:
                ways = comb(n, wins) * comb(n - wins, losses)
                found += ways * won**wins * lost**losses * same ** (n - wins - losses)
    return found


def told(rows: Sequence[Row]) -> Table:
    lines: list[tuple[str, ...]] = []
    for row in rows:
        low, high = wilson_lower(row.claimed, row.runs), 1 - wilson_lower(row.runs - row.claimed, row.runs)
        lines.append(
            (
                row.optimizer,
                f"{100 * row.gain:.0f}",
                str(row.held),
                str(row.runs),
                f"{100 * row.offered / row.runs:.1f} %",
                f"{100 * row.claimed / row.runs:.1f} %",
                f"{100 * low:.1f} to {100 * high:.1f}",
                f"{100 * row.exact:.1f} %",
            )
        )
    columns = ("optimizer", "true points", "held out", "runs", "offered", "claimed", "95 %", "exact")
    return Table(title="Runs that offer a version, and that claim it is better", columns=columns, rows=tuple(lines))


def main() -> None:
    options = _support.parser(__doc__).parse_args()
    before = _support.machine()
    runs = options.limit or RUNS
    with tempfile.TemporaryDirectory() as scratch:
        rows = [
            measured(Path(scratch) / f"{optimizer}-{gain}-{held}", optimizer, gain, held, runs)
            for optimizer in OPTIMIZERS
            for gain, held in CONDITIONS
        ]
    result = _support.figures(
        "claims",
        options,
        before,
        summary={f"{r.optimizer} +{100 * r.gain:.0f} at n = {r.held}": r.claimed / r.runs for r in rows},
        tables=[told(rows)],
        rows=[row.model_dump(mode="json") for row in rows],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
