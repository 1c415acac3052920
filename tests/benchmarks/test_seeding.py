"""The seeded bugs of the repair benchmark: one seed is one list, a shown test sees each bug, the original is right."""

import gzip
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))  # because benchmarks/ is not a distribution and not on pytest's path

from benchmarks.seeding import DATA, Bug, Edit, apply, flat_asserts, generate, hidden_passed, outcomes, write_project

LARGEST = """def largest(values):
    best = values[0]
    for value in values[1:]:
        if value > best:
            best = value
    return best
"""
CHECK = """def check(candidate):
    assert candidate([1, 3, 2]) == 3
    assert candidate([3, 1, 2]) == 3
    assert candidate([1, 2, 3]) == 3, "the last"
    assert candidate([-1, -5]) == -1
    assert candidate([4]) == 4
    assert candidate([0, 9, 9]) == 9
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data set of one function, in HumanEval's own format."""
    header, body = LARGEST.split("\n", 1)
    row = {
        "task_id": "Own/0", "entry_point": "largest", "prompt": header + "\n", "canonical_solution": body, "test": CHECK
    }  # fmt: skip
    path = tmp_path / "data.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    return path


def test_one_seed_is_one_list(data: Path) -> None:
    first, again, other = (generate(2, seed, data=data) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_bug_fails_a_shown_test_and_the_original_passes_both_halves(data: Path) -> None:
    for bug in generate(3, seed=1, data=data):
        assert set(outcomes(bug.buggy, bug.shown)) != {"pass"}
        assert set(outcomes(bug.correct, bug.shown)) == {"pass"}
        assert hidden_passed(bug, bug.correct)
        assert len(bug.shown) == len(bug.hidden) == 3
        assert not set(bug.shown) & set(bug.hidden)


def test_two_edits_are_two_changed_places(data: Path) -> None:
    (bug,) = generate(1, seed=1, edits=2, data=data)
    assert bug.kind.count("+") == 1
    assert set(outcomes(bug.buggy, bug.shown)) != {"pass"}


def test_hidden_asserts_reject_a_wrong_repair(data: Path) -> None:
    (bug,) = generate(1, seed=1, data=data)
    assert not hidden_passed(bug, "def largest(values):\n    return 3\n")


def test_the_project_holds_a_test_for_each_shown_assert(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bug,) = generate(1, seed=1, data=data)
    write_project(bug, tmp_path / "project")
    solution, tests = ModuleType("solution"), ModuleType("test_solution")
    exec((tmp_path / "project" / "solution.py").read_text(), vars(solution))
    monkeypatch.setitem(sys.modules, "solution", solution)
    exec((tmp_path / "project" / "test_solution.py").read_text(), vars(tests))
    functions = [value for name, value in vars(tests).items() if name.startswith("test_")]
    assert len(functions) == len(bug.shown)
    with pytest.raises(AssertionError):
        for function in functions:
            function()


def test_asking_for_too_many_says_how_many_there_are(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.seeding.DRAWS", 1)
    with pytest.raises(ValueError, match=r"asked for 10000 bugs, found \d+ in 1 functions"):
        generate(10_000, seed=1, data=data)


def test_absent_data_says_where_it_was_sought(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"not at .*absent\.gz.*--data"):
        generate(1, seed=1, data=tmp_path / "absent.gz")


@pytest.mark.parametrize(
    "body",
    [
        "for i in range(3):\n        assert candidate(i) == i",
        "x = 1\n    assert candidate(x)",
        "assert candidate(helper(1))",
    ],
)
def test_a_check_with_loops_names_or_helpers_is_left_out(body: str) -> None:
    assert flat_asserts(f"def check(candidate):\n    {body}\n", "f") == ()


def test_an_edit_that_changes_nothing_or_does_not_parse_is_none() -> None:
    assert apply("x = 1\n", [Edit("constant", 4, 5, "(1)")]) is None
    assert apply("x = 1\n", [Edit("constant", 4, 5, "(")]) is None
    assert apply("é = 1 + 1\n", [Edit("constant", 5, 6, "3")]) == "é = 3 + 1\n"  # positions are bytes


def test_an_endless_loop_is_an_outcome() -> None:
    source = "def f(n):\n    while n:\n        pass\n    return n\n"
    assert outcomes(source, ("assert f(0) == 0", "assert f(1) == 0", "assert f(0) == 0"), seconds=0.02) == [
        "pass",
        "endless",
        "endless",
    ]


def test_humaneval_yields_bugs_in_many_functions() -> None:
    if not DATA.is_file():
        pytest.skip(f"the HumanEval data is not at {DATA}")
    bugs: list[Bug] = generate(12, seed=5)
    assert len({bug.task_id for bug in bugs}) == 12
    assert all(hidden_passed(bug, bug.correct) for bug in bugs)
