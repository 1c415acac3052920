"""The rewrite optimizer through the real driver: which candidates in which order, when it ends, what it keeps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from secant.budget import Budget, Limits
from secant.cancellation import Cancellation
from secant.driver import Driver, Outcome
from secant.events import Evaluated, Event, Updated
from secant.history import History
from secant.journal import Recorder
from secant.optimizers.rewrite import RewriteOptimizer, RewriteSettings, RewriteState
from secant.rewriting.facts import Facts
from secant.rewriting.moves import moves
from secant.types import Artifact, Case, CaseResult, Evaluation, Part, SpeedUp, Split, Tally, Task

CLAMP = """\
def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return low
    return value
"""
CLAMP_CASES = [((5, 0, 3), 3), ((9, 1, 8), 8), ((-1, 0, 3), 0), ((2, 0, 3), 2), ((3, 0, 3), 3)]
TWO_BUGS = """\
def split(total, parts):
    share = total - parts
    rest = total * parts
    return share, rest
"""
TWO_CASES = [((7, 2), (3, 1)), ((9, 4), (2, 1)), ((8, 3), (2, 2))]
COMMON = """\
def common(first, second):
    found = []
    for item in first:
        if item in second:
            found.insert(0, item)
    return found
"""
FACTS = Facts(variable_types={"first": ("list",), "second": ("list",), "item": ("int",)})


class Runs:
    """Judges texts by running them on cases, as the function evaluator does: the failing cases first."""

    def __init__(self, text: str, cases: Sequence[tuple[Any, Any]], *, speed: Callable[[str], float] = len) -> None:
        self.seed = Artifact(parts=(Part(name="f", text=text),))
        self.speed = speed
        scores = [(self._score(text, case), number) for number, case in enumerate(cases)]
        self._cases = {f"case{number}": cases[number] for _, number in sorted(scores)}
        self.asked: list[tuple[str, str]] = []
        self.judged: list[Artifact] = []

    def cases(self) -> Mapping[Split, Sequence[Case]]:
        return {"select": [Case(id=name) for name in self._cases]}

    def baseline(self) -> Evaluation:
        return self._judged(self.seed, "tests")

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        for artifact in artifacts:
            self.asked.append((artifact.text, stage))
            self.judged.append(artifact)
            yield self._timed(artifact) if stage == "speed" else self._judged(artifact, stage)

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        return self._judged(artifact, "confirm")

    def _timed(self, artifact: Artifact) -> Evaluation:
        ratio = self.speed(artifact.text)
        verdict = "faster" if ratio > 1 else "indistinguishable"
        return Evaluation(
            artifact_id=artifact.id,
            stage="speed",
            results=(CaseResult(case_id="speed", score=float(ratio > 1)),),
            speed=SpeedUp(ratio=ratio, low=ratio, high=ratio, verdict=verdict),
            rejected=ratio <= 1,
        )

    def _judged(self, artifact: Artifact, stage: str) -> Evaluation:
        scores = [self._score(artifact.text, case) for case in self._cases.values()]
        if stage == "screen" and not all(scores):
            passed = next(place for place, score in enumerate(scores) if not score)
            tally = Tally(passed=passed, total=len(scores), mean=passed / len(scores))
            return Evaluation(artifact_id=artifact.id, stage=stage, tally=tally, complete=False)
        results = tuple(CaseResult(case_id=n, score=s) for n, s in zip(self._cases, scores, strict=True))
        return Evaluation(artifact_id=artifact.id, stage=stage, results=results)

    def _score(self, text: str, case: tuple[Any, Any]) -> float:
        namespace: dict[str, Any] = {}
        try:
            exec(text, namespace)
            function = next(v for k, v in namespace.items() if k != "__builtins__")
            return float(function(*case[0]) == case[1])
        except Exception:  # noqa: BLE001  # because a candidate may raise anything
            return 0.0


class Search(NamedTuple):
    """A search that is over."""

    outcome: Outcome
    events: list[Event]
    evaluator: Any

    def states(self) -> list[RewriteState]:
        return [RewriteState.model_validate(e.state) for e in self.events if isinstance(e, Updated)]

    def texts(self, stage: str) -> list[str]:
        return [text for text, asked in self.evaluator.asked if asked == stage]

    def phases(self) -> list[str]:
        """In the order in which they were searched."""
        return list(dict.fromkeys(e.reason for e in self.events if isinstance(e, Updated) and e.reason))


def search(
    evaluator: Runs,
    *,
    goal: str = "fix",
    settings: RewriteSettings | None = None,
    limits: Limits | None = None,
    history: History | None = None,
    cancellation: Cancellation | None = None,
    listen: Callable[[Event], object] = lambda _: None,
) -> Search:
    events: list[Event] = []
    driver = Driver(
        RewriteOptimizer(settings or RewriteSettings()),
        evaluator,
        Task(kind="function", goal=goal, facts=FACTS.model_dump(mode="json")),
        evaluator.seed,
        recorder=Recorder("rewrite", None, [events.append, listen]),
        budget=Budget(limits),
        history=history,
        cancellation=cancellation,
    )
    return Search(driver.run(), events, evaluator)


@pytest.fixture(scope="module")
def repaired() -> Search:
    return search(Runs(CLAMP, CLAMP_CASES), settings=RewriteSettings(behind=40))


def test_a_single_edit_is_found_in_the_lite_phase(repaired: Search) -> None:
    winner = repaired.outcome.confirmed[0].proposal
    assert winner.artifact.text == CLAMP.replace("> high:\n        return low", "> high:\n        return high")
    assert winner.rationale == "`low` becomes `high`"
    assert repaired.phases() == ["lite edits"]


def test_survivors_are_ranked_in_the_order_in_which_they_were_tried() -> None:
    done = search(Runs(CLAMP, CLAMP_CASES[2:4]))
    ranked = [candidate.proposal.artifact.text for candidate in done.outcome.confirmed]
    assert len(ranked) > 1
    assert ranked == done.texts("tests")[: len(ranked)]


def test_the_search_ends_a_little_behind_the_first_that_passes(repaired: Search) -> None:
    screened, first = repaired.texts("screen"), repaired.texts("tests")[0]
    behind = len(screened) - 1 - screened.index(first)
    assert behind >= 40
    assert len(screened) <= 64 + 256
    assert repaired.states()[-1].behind == behind


def test_enough_survivors_end_the_search() -> None:
    done = search(Runs(CLAMP, CLAMP_CASES[2:4]), settings=RewriteSettings(survivors=3))
    assert len(done.states()[-1].survivors) >= 3
    assert len(done.texts("screen")) == 64


def test_two_bugs_are_repaired_by_a_second_edit_on_a_partial_repair() -> None:
    class Halves(Runs):
        """Cases whose halves are judged apart, so that one edit is seen to repair a part."""

        def _score(self, text: str, case: tuple[Any, Any]) -> float:
            (arguments, (place, wanted)) = case
            namespace: dict[str, Any] = {}
            try:
                exec(text, namespace)
                return float(namespace["split"](*arguments)[place] == wanted)
            except Exception:  # noqa: BLE001  # because a candidate may raise anything
                return 0.0

    cases = [(arguments, (place, pair[place])) for place in (0, 1) for arguments, pair in TWO_CASES]
    done = search(Halves(TWO_BUGS, cases), settings=RewriteSettings(behind=0))
    winner = done.outcome.confirmed[0].proposal
    assert winner.artifact.text == TWO_BUGS.replace("total - parts", "total // parts").replace(
        "total * parts", "total % parts"
    )
    assert winner.rationale == "`-` becomes `//`; `*` becomes `%`"
    assert done.phases() == ["lite edits", "seconds edits"]


@pytest.fixture(scope="module")
def hopeless() -> Search:
    settings = RewriteSettings(second_edits=3, improvers=2, pairs=30)
    return search(Runs("def f(x):\n    return x\n", [((1,), "never"), ((2,), "ever")]), settings=settings)


def test_without_a_repair_every_phase_is_searched_in_order(hopeless: Search) -> None:
    assert hopeless.phases() == ["lite edits", "seconds edits", "full edits", "pairs edits"]
    assert hopeless.outcome.stop == "done"
    assert not hopeless.outcome.confirmed


def test_no_text_is_tried_twice(hopeless: Search) -> None:
    texts = hopeless.texts("screen")
    assert len(texts) == len(set(texts))


def test_partial_repairs_are_kept_the_best_first() -> None:
    settings = RewriteSettings(improvers=4)
    cases = [((1,), 1), ((2,), 4), ((3,), 9), ((4,), 17)]
    done = search(Runs("def f(x):\n    return x + x\n", cases), settings=settings, limits=Limits(evaluations=300))
    improvers = done.states()[-1].improvers
    assert len(improvers) == 4
    assert improvers[0].text == "def f(x):\n    return x * x\n"
    assert improvers[0].passed == 2
    assert [i.passed for i in improvers] == sorted((i.passed for i in improvers), reverse=True)


def test_what_only_the_tests_stage_turns_down_is_a_partial_repair_too() -> None:
    class Unscreened(Runs):
        """A suite whose shape the screen cannot judge."""

        def _judged(self, artifact: Artifact, stage: str) -> Evaluation:
            if stage == "screen":
                results = (CaseResult(case_id="case0", score=1.0),)
                return Evaluation(artifact_id=artifact.id, stage=stage, results=results)
            return super()._judged(artifact, stage)

    done = search(
        Unscreened("def f(x):\n    return x\n", [((1,), 2), ((2,), 4), ((3,), 9)]), limits=Limits(evaluations=300)
    )
    assert done.states()[-1].improvers


def test_the_enumeration_goes_on_where_a_state_was_written_down() -> None:
    settings = RewriteSettings(first_batch=8, batch=8, second_edits=3, improvers=2, pairs=5)
    cases = [((1,), 2), ((2,), 4), ((3,), 9)]
    whole = search(Runs("def f(x):\n    return x\n", cases), settings=settings, limits=Limits(evaluations=100))
    stop = Cancellation()
    updates: list[Event] = []

    def stop_at_the_fourth(event: Event) -> None:
        if isinstance(event, Updated):
            updates.append(event)
            if len(updates) == 4:
                stop.cancel()

    first = search(
        Runs("def f(x):\n    return x\n", cases), settings=settings, cancellation=stop, listen=stop_at_the_fourth
    )
    moves.cache_clear()  # as in another process
    second = search(
        Runs("def f(x):\n    return x\n", cases),
        settings=settings,
        limits=Limits(evaluations=100 - len(first.texts("screen"))),
        history=History(_as_journaled(first.events)),
    )
    assert first.texts("screen") + second.texts("screen") == whole.texts("screen")


def _as_journaled(events: Sequence[Event]) -> Iterator[Event]:
    return (type(event).model_validate_json(event.model_dump_json()) for event in events)


# Speed


def gains(table: Mapping[str, float]) -> Callable[[str], float]:
    """The product of the gains of the words that a text contains."""
    return lambda text: math.prod(gain for word, gain in table.items() if word in text)


SET, REVERSE, DEQUE = "set(second)", "reverse()", "deque()"
COMMON_CASES = [(([1, 2, 3], [2, 3, 4]), [3, 2]), (([], [1]), [])]


def climb(speed: Callable[[str], float], settings: RewriteSettings | None = None, **options: Any) -> Search:
    return search(Runs(COMMON, COMMON_CASES, speed=speed), goal="faster", settings=settings, **options)


def test_the_fastest_wins_and_gains_are_combined() -> None:
    done = climb(gains({SET: 4.0, REVERSE: 3.0, DEQUE: 2.0}))
    winner = done.outcome.confirmed[0]
    assert SET in winner.proposal.artifact.text
    assert REVERSE in winner.proposal.artifact.text
    ratios = [done.evaluator.speed(candidate.proposal.artifact.text) for candidate in done.outcome.confirmed]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[0] == 12.0


def test_what_a_stage_turns_down_goes_no_further() -> None:
    class Differs(Runs):
        """With a deque it behaves otherwise."""

        def _judged(self, artifact: Artifact, stage: str) -> Evaluation:
            judged = super()._judged(artifact, stage)
            rejected = stage == "behaviour" and DEQUE in artifact.text
            return judged.model_copy(update={"rejected": rejected})

    done = search(Differs(COMMON, COMMON_CASES, speed=gains({SET: 4.0, DEQUE: 9.0})), goal="faster")
    assert any(DEQUE in text for text in done.texts("behaviour"))
    assert not any(DEQUE in text for text in done.texts("speed"))
    assert DEQUE not in done.outcome.confirmed[0].proposal.artifact.text


def test_a_round_builds_upon_the_two_fastest_of_the_one_before() -> None:
    done = climb(gains({SET: 4.0, REVERSE: 3.0, DEQUE: 2.0}))
    first, second = done.states()[1:3]
    texts = {c.id: c for c in done.evaluator.judged}
    assert first.expanded == (done.evaluator.seed.id,)
    assert len(first.survivors) == 3
    built_upon = [texts[identity].text for identity in second.expanded[1:]]
    assert [SET in text for text in built_upon] == [True, False]
    assert [REVERSE in text for text in built_upon] == [False, True]


def test_a_round_without_a_gain_ends_the_climb() -> None:
    done = climb(gains({SET: 4.0}))
    last = done.states()[-1]
    assert last.done
    assert last.round == 2
    assert last.best_ratio == 4.0


def test_the_climb_has_a_last_round() -> None:
    done = climb(gains({SET: 4.0, REVERSE: 3.0}), RewriteSettings(rounds=1))
    assert done.states()[-1].round == 1
    assert done.evaluator.speed(done.outcome.confirmed[0].proposal.artifact.text) == 4.0


def test_nothing_faster_is_nothing_found() -> None:
    done = climb(lambda _: 1.0)
    assert done.outcome.ranking == ()
    assert done.states()[-1].round == 1


def test_a_candidate_that_a_stop_left_untimed_is_not_offered() -> None:
    """It passed the tests, and nobody has compared or timed it."""
    tested = len(climb(lambda _: 1.0).texts("tests"))
    done = climb(gains({SET: 4.0}), limits=Limits(evaluations=tested))
    assert done.outcome.stop == "budget"
    assert done.outcome.ranking == ()
    assert sum(isinstance(e, Evaluated) and e.stage == "tests" and e.passed == e.total for e in done.events) > 0
