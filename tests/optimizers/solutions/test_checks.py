"""Checks in real confined processes: what functions may say, code that must run, and solutions that are hostile."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from secant.config import SolveRequest
from secant.errors import BadRequest, UnreadableFile
from secant.functions.isolation import Limits
from secant.functions.launching import Launcher
from secant.solutions.checks import Bench, Subject, program, requested_checks, unusable
from secant.types import CaseResult

ZOO = Path(__file__).parents[2] / "zoo" / "solutions"
PATIENT = 20.0
SHORT = 0.5


class Grounds:
    """A folder of checks and a bench on it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "project"
        self.folder.mkdir()
        self._benches: list[Bench] = []

    def bench(self, *checks: str, seconds: float = PATIENT, **asked: object) -> Bench:
        request = SolveRequest(target="problem.md", folder=self.folder, checks=checks, **asked)
        limits = Limits(memory_bytes=512 << 20, file_bytes=1 << 20, processes=16)
        launcher = Launcher(
            Path(sys.executable), self.root / "scratch", base_environment={**os.environ, "API_KEY": "x"}, limits=limits
        )
        bench = Bench(requested_checks(request), launcher, self.folder, seconds=seconds)
        self._benches.append(bench)
        return bench

    def judged(self, body: str, solution: str = "Answer: 4\n", answer: str | None = "4") -> CaseResult:
        """What a check with this body says."""
        (self.folder / "checks.py").write_text(f"def check(problem, solution, answer):\n    {body}\n")
        (result,) = self.bench("checks.py::check").run(subject(solution, answer))
        return result

    def ran(self, solution: str, seconds: float = PATIENT) -> CaseResult:
        (result,) = self.bench(run_code=True, seconds=seconds).run(subject(solution))
        return result

    def close(self) -> None:
        for bench in self._benches:
            bench.close()


@pytest.fixture
def grounds(tmp_path: Path) -> Iterator[Grounds]:
    found = Grounds(tmp_path)
    yield found
    found.close()


def subject(solution: str, answer: str | None = None) -> Subject:
    return Subject(problem="What is 2 + 2?\n", solution=solution, answer=answer)


@pytest.mark.parametrize(
    ("body", "score", "feedback"),
    [
        ("return answer == '4' and 'Answer' in solution and problem.startswith('What')", 1.0, ""),
        ("return False", 0.0, "the check gave False"),
        ("return 0.5", 0.5, "the check gave 0.5"),
        ("return 1", 1.0, ""),
        ("return ''", 1.0, ""),
        ("return 'the sum is wrong'", 0.0, "the sum is wrong"),
        ("return 0.25, 'a quarter'", 0.25, "a quarter"),
        ("return True, ''", 1.0, ""),
        ("assert answer == '5', 'not five'", 0.0, "not five"),
        ("import numpy; return numpy.float64(4) == int(answer)", 1.0, ""),
    ],
)
def test_what_a_check_may_say(grounds: Grounds, body: str, score: float, feedback: str) -> None:
    result = grounds.judged(body)
    assert (result.score, result.feedback, result.error) == (score, feedback, "none")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return None", "the check returned None"),
        ("return 2.5", "the check returned 2.5"),
        ("return float('nan')", "the check returned nan"),
        ("return [1]", "the check returned [1]"),
    ],
)
def test_what_says_nothing_is_unusable(grounds: Grounds, body: str, told: str) -> None:
    result = grounds.judged(body)
    assert unusable([result]) is result
    assert told in result.feedback
    assert result.score == 0


def test_a_check_that_raises_is_the_solutions_fault_and_says_where(grounds: Grounds) -> None:
    result = grounds.judged("return int(answer) == 4", answer="four")
    assert (result.score, result.error, unusable([result])) == (0.0, "crash", None)
    assert "ValueError" in result.feedback
    assert "line 2: return int(answer) == 4" in result.feedback


def test_a_check_may_take_what_it_needs_and_import_its_neighbours(grounds: Grounds) -> None:
    (grounds.folder / "known.py").write_text("RIGHT = '4'\n")
    (grounds.folder / "c.py").write_text(
        "from dataclasses import dataclass\nfrom known import RIGHT\n"
        "def by_name(answer): return answer == RIGHT\n"
        "def by_place(text, /): return text == 'x'\n"
        "def anything(*all): return len(all) == 3\n"
        "def keywords(**all): return sorted(all) == ['answer', 'problem', 'solution']\n"
        "@dataclass\nclass Kept:\n    x: int\n"
    )
    names = ("by_name", "by_place", "anything", "keywords")
    results = grounds.bench(*(f"c.py::{name}" for name in names)).run(subject("x", "4"))
    assert [r.score for r in results] == [1.0] * 4
    assert [r.case_id for r in results] == [f"c.py::{name}" for name in names]


@pytest.mark.parametrize(
    "source", ["def check(:\n", "raise KeyError('x')\n", "import sys; sys.exit(0)\n", "check = 3\n"]
)
def test_a_file_that_cannot_be_used_is_no_solutions_fault(grounds: Grounds, source: str) -> None:
    (grounds.folder / "checks.py").write_text(source)
    (result,) = grounds.bench("checks.py::check").run(subject("x"))
    assert unusable([result]) is result


def test_a_check_is_named_in_full(grounds: Grounds) -> None:
    (grounds.folder / "checks.py").write_text("def check(answer): return True\n")
    with pytest.raises(BadRequest, match="There are: check"):
        grounds.bench("checks.py::chek")
    with pytest.raises(BadRequest, match="a check is a function in a Python file"):
        grounds.bench("checks.py")
    with pytest.raises(UnreadableFile, match="no such file"):
        grounds.bench("chekcs.py::check")
    with pytest.raises(BadRequest, match="no regular expression"):
        grounds.bench(must_match=["("])


def test_an_unsaved_check_is_the_one_that_runs(grounds: Grounds) -> None:
    path = grounds.folder / "checks.py"
    path.write_text("def check(answer): return False\n")
    unsaved = {str(path): "def check(answer): return True\n"}
    (result,) = grounds.bench("checks.py::check", buffers=unsaved).run(subject("x"))
    assert result.score == 1


def test_patterns(grounds: Grounds) -> None:
    first, second = grounds.bench(must_match=["^QED", "x{3}"]).run(subject("so\nQED\n"))
    assert (first.case_id, first.score) == ("must-match ^QED", 1.0)
    assert (second.score, second.feedback) == (0.0, "nothing in it matches x{3}")


def test_a_pattern_that_never_ends_is_ended(grounds: Grounds) -> None:
    bench = grounds.bench(must_match=["(a+)+$"], seconds=SHORT)
    (result,) = bench.run(subject("a" * 60 + "b"))
    assert (result.score, result.error) == (0.0, "timeout")
    assert result.feedback == "looking for (a+)+$ in it took longer than 0.5 s and was given up"
    assert unusable([result]) is result


# Code of the solution's own


def test_code_that_runs_passes_and_its_output_is_kept(grounds: Grounds) -> None:
    result = grounds.ran(
        "First:\n\n```python\nx = 2\n```\n\nthen\n\n```py\nif __name__ == '__main__':\n    print(x + 2)\n```\n"
    )
    assert (result.score, result.output) == (1.0, "4\n")


def test_code_that_fails_says_where_in_the_solution(grounds: Grounds) -> None:
    result = grounds.ran("Text\n\n```python\nprint('so far')\nx = 1 / 0\n```\n")
    assert (result.score, result.error) == (0.0, "crash")
    assert "ZeroDivisionError: division by zero (line 5: x = 1 / 0)" in result.feedback
    assert "so far" in result.feedback


@pytest.mark.parametrize(
    ("solution", "code"),
    [
        ("no code\n", ""),
        ("```\nx = 1\n```\n", "\nx = 1\n"),
        ("```\nx = 1\n```\n```python\ny = 2\n```\n", "\n\n\n\ny = 2\n"),
        ("```json\n{}\n```\n", ""),
    ],
)
def test_which_code_is_the_solutions_program(solution: str, code: str) -> None:
    assert program(solution) == code


def test_a_solution_without_code_is_told_so(grounds: Grounds) -> None:
    result = grounds.ran("Just words.\n")
    assert (result.score, result.error) == (0.0, "parse")
    assert "no fenced Python code" in result.feedback


@pytest.mark.parametrize(
    ("code", "error", "told"),
    [
        ("while True: pass", "timeout", "timed out"),
        ("import time; time.sleep(3600)", "timeout", "timed out"),
        ("import os; os._exit(0)", "crash", "exited without a result"),
        ("import sys; sys.exit(3)", "crash", "status 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "crash", "SIGKILL"),
        ("import socket; socket.create_connection(('127.0.0.1', 9), 1)", "crash", "Error"),
        ("import os; assert os.environ.get('API_KEY')", "crash", "AssertionError"),
        ("open('/tmp/../etc/secant-was-here', 'w')", "crash", "Error"),
        ("while True: print('x' * 100_000)", "crash", "File too large"),
        ("x = [0] * 10**9", "crash", "MemoryError"),
        ("def f(:", "crash", "SyntaxError"),
    ],
)
def test_hostile_code_harms_nobody(grounds: Grounds, code: str, error: str, told: str) -> None:
    bench = grounds.bench(run_code=True, seconds=SHORT if error == "timeout" else PATIENT)
    (bad,) = bench.run(subject(f"```python\n{code}\n```\n"))
    (good,) = bench.run(subject("```python\npass\n```\n"))
    assert (bad.score, bad.error) == (0.0, error)
    assert told in bad.feedback
    assert good.score == 1  # the next solution is judged as if nothing had been


def test_code_cannot_touch_the_project(grounds: Grounds) -> None:
    (grounds.folder / "checks.py").write_text("def check(solution): return 'no'\n")
    path = grounds.folder / "checks.py"
    result = grounds.ran(f"```python\nopen({str(path)!r}, 'w').write('')\n```\n")
    assert result.score == 0
    assert path.read_text() == "def check(solution): return 'no'\n"


def test_a_patched_interpreter_does_not_reach_the_next_check(grounds: Grounds) -> None:
    solution = "```python\nimport builtins, json\njson.dumps = lambda *a, **k: '{}'\nbuiltins.len = lambda x: 0\n```\n"
    (grounds.folder / "checks.py").write_text("def check(solution): return len(solution) > 0\n")
    bench = grounds.bench("checks.py::check", run_code=True)
    bench.run(subject(solution))
    assert bench.run(subject("```python\npass\n```\n"))[0].score == 1


def test_a_renewed_bench_judges_in_another_process(grounds: Grounds) -> None:
    (grounds.folder / "checks.py").write_text("import os\ndef check(solution): return str(os.getppid())\n")
    bench = grounds.bench("checks.py::check")
    first, again = (bench.run(subject("x"))[0].feedback for _ in range(2))
    bench.renew()
    other = bench.run(subject("x"))[0].feedback
    assert first == again != other
    assert "network" in bench.isolation
