"""Other ways to run the same prompt, which an optimized one has to beat: the baselines of metaTextGrad's table.

    cot               the prompt, and the request to think before answering
    few-shot          the same behind eight solved cases
    self-consistency  eight answers of `cot`, of which the most frequent counts
    best-of           eight answers of `cot`, of which the model itself chooses one

After metaTextGrad (arXiv 2505.18524, section 4, baselines) with the sizes of its table. Where it leaves open how the
best of eight is found, a further request shows them all and asks for the number of the best: no expected answer is
known to it. The solved cases come from the fit split; all programs are judged on the other cases.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from secant.errors import BadRequest
from secant.optimizer import Completion, LanguageModel
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.metrics.contract import Answer, Metric
from secant.promptfiles.program import Messages
from secant.prompting.exemplars import shown
from secant.prompting.template import template

SAMPLES = 8
SHOTS = 8
_WAYS = ("solution", "rationale", "explanation", "reasoning", "chain_of_thought")
"""Fields that hold the way to an answer."""
_NUMBER = re.compile(r"\d+")


class Asked(NamedTuple):
    """One row and the prompt's own request for it."""

    row: Row
    messages: Messages


class Baseline(Protocol):
    """One way to run a prompt."""

    @property
    def name(self) -> str: ...

    @property
    def calls(self) -> int:
        """For each row."""
        ...

    def answers(self, model: LanguageModel, asked: Sequence[Asked]) -> Sequence[Completion]:
        """The answer to each, in their order."""
        ...


class ChainOfThought:
    """Zero-shot, or behind solved cases."""

    def __init__(self, examples: Sequence[Row] = ()) -> None:
        self.name = "few-shot" if examples else "cot"
        self.calls = 1
        self._examples = examples

    def answers(self, model: LanguageModel, asked: Sequence[Asked]) -> Sequence[Completion]:
        return model.complete_many("program", [self.request(each) for each in asked], purpose=self.name)

    def request(self, asked: Asked) -> Messages:
        """The prompt's own request, with what is to be thought about behind its last message."""
        *before, last = asked.messages
        thinking = template("baseline_cot.txt")
        told = ""
        if self._examples:
            told = f"{template('baseline_shots.txt')}\n\n" + "\n\n".join(map(_solved, self._examples)) + "\n\n"
        return [*before, {"role": last["role"], "content": f"{told}{last['content']}\n\n{thinking}"}]


class SelfConsistency:
    """The most frequent of several answers; of equally frequent ones that which came first."""

    name = "self-consistency"
    calls = SAMPLES

    def __init__(self, metric: Metric) -> None:
        self._metric = metric

    def answers(self, model: LanguageModel, asked: Sequence[Asked]) -> Sequence[Completion]:
        samples = sampled(model, asked, self.name)
        return [self._voted(each.row, samples[n]) for n, each in enumerate(asked)]

    def _voted(self, row: Row, samples: Sequence[Completion]) -> Completion:
        """What was not answered, or in which nothing was found, has no vote."""
        answered = [c for c in samples if c.finish not in ("failed", "refusal")]
        if not answered:
            return samples[0]
        grades = self._metric.grade([Answer(row, c.text) for c in answered])
        votes = [
            " ".join(str(g.extracted if g.extracted is not None else c.text).casefold().split())
            for c, g in zip(answered, grades, strict=True)
        ]
        counted = Counter(v for v, g in zip(votes, grades, strict=True) if g.error != "parse")
        if not counted:
            return answered[0]
        return answered[votes.index(counted.most_common(1)[0][0])]


class BestOf:
    """The one of several answers that the model itself takes for the best."""

    name = "best-of"
    calls = SAMPLES + 1

    def answers(self, model: LanguageModel, asked: Sequence[Asked]) -> Sequence[Completion]:
        samples = sampled(model, asked, self.name)
        requests = [_choosing(each, samples[n]) for n, each in enumerate(asked)]
        choices = model.complete_many("program", requests, purpose=f"{self.name} choice")
        return [_chosen(samples[n], choice) for n, choice in enumerate(choices)]


def sampled(model: LanguageModel, asked: Sequence[Asked], purpose: str) -> Sequence[Sequence[Completion]]:
    """Several answers to each, all asked for at once."""
    one = ChainOfThought()
    requests = [one.request(each) for each in asked for _ in range(SAMPLES)]
    completions = model.complete_many("program", requests, purpose=purpose)
    return [completions[n : n + SAMPLES] for n in range(0, len(completions), SAMPLES)]


def baselines(names: Sequence[str], fit: Sequence[Row], metric: Metric, seed: int) -> Sequence[Baseline]:
    """Raises BadRequest for a name that there is not, and for `few-shot` without enough to show."""
    made: Mapping[str, Baseline] = {
        "cot": ChainOfThought(),
        "few-shot": ChainOfThought(_shots(fit, seed)),
        "self-consistency": SelfConsistency(metric),
        "best-of": BestOf(),
    }
    for name in names:
        if name not in made:
            raise BadRequest(f"there is no baseline named {name}", hint=f"These exist: {', '.join(made)}.")
        if name == "few-shot" and made[name].name != name:
            raise BadRequest("few-shot shows solved cases, and none has an expected answer", hint="Give them some.")
    return [made[name] for name in dict.fromkeys(names)]


def _shots(fit: Sequence[Row], seed: int) -> Sequence[Row]:
    solved = [row for row in fit if row.expected is not None]
    return random.Random(f"{seed}/shots").sample(solved, min(SHOTS, len(solved)))


def _solved(row: Row) -> str:
    """A solved case; with the way to its answer where the data has it."""
    way = next((shown(row.fields[name]) for name in _WAYS if name in row.fields), "")
    given = shown({name: value for name, value in row.fields.items() if name not in _WAYS})
    return "\n".join(filter(None, [given, way, f"Answer: {shown(row.expected)}"]))


def _choosing(asked: Asked, samples: Sequence[Completion]) -> Messages:
    listed = "\n\n".join(f"[{n}]\n{c.text}" for n, c in enumerate(samples, 1))
    request = asked.messages[-1]["content"]
    return [
        *asked.messages[:-1],
        {"role": "user", "content": f"{request}\n\n{template('baseline_choice.txt')}\n\n{listed}"},
    ]


def _chosen(samples: Sequence[Completion], choice: Completion) -> Completion:
    """The first number that names a sample; without one the first sample."""
    numbers = [int(n) for n in _NUMBER.findall(choice.text)]
    return next((samples[n - 1] for n in numbers if 1 <= n <= len(samples)), samples[0])
