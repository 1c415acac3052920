"""The scripted task as a user of the package textgrad writes it, under a Python that has textgrad and nothing of ours.

Both manners are textgrad's own. `tests`: the test run is a string-based function, of which textgrad takes the gradient
(a request for the gradient and one for the new version, each step). `model`: as in its evaluation on LeetCode, a model
judges the test run first and the gradient of that is taken (three requests). It stops when all tests pass, which is
looked at before anything is asked.

    python textgrad_task.py MANNER PROJECT PYTHON-WITH-PYTEST
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import textgrad
from textgrad.autograd import FormattedLLMCall, StringBasedFunction

IMPORTED = time.time()
STEPS = 10
ROLE = "a Python function that must pass its unit tests"
PURPOSE = "Runs the unit tests of the function and reports the failures."
JUDGE = (
    "You are an intelligent assistant used as an evaluator, and part of an optimization system. You will analyze a "
    "code implementation for a coding problem and unit test results. For each failed unit test case, explain why the "
    "current implementation is not getting the expected output. Do not provide a revised implementation."
)
PROBLEM = "The Roman numeral of a whole number from 1 to 3999."


def tested(project: Path, python: str, code: str) -> tuple[bool, str]:
    """Whether the tests pass, and pytest's report."""
    (project / "roman.py").write_text(code + "\n", encoding="utf-8")
    command = [python, "-m", "pytest", "-q", "--tb=short"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout


def loss(manner: str, code: textgrad.Variable, report: str, engine: textgrad.EngineLM) -> textgrad.Variable:
    if manner == "tests":
        return StringBasedFunction(lambda code: report, function_purpose=PURPOSE)(inputs={"code": code})
    fixed = {"problem": PROBLEM, "tests": report}
    fields = {name: textgrad.Variable(text, requires_grad=False, role_description=name) for name, text in fixed.items()}
    judge = FormattedLLMCall(
        engine=engine,
        format_string="**The coding problem:**\n{problem}\n**The code:**\n{code}\n**The test results:**\n{tests}\n",
        fields={"problem": None, "code": None, "tests": None},
        system_prompt=textgrad.Variable(JUDGE, requires_grad=False, role_description="system prompt of the evaluation"),
    )
    return judge(inputs={"problem": fields["problem"], "code": code, "tests": fields["tests"]})


def main(manner: str, folder: str, python: str) -> None:
    project = Path(folder)
    engine = textgrad.get_engine("gpt-4o")
    textgrad.set_backward_engine(engine, override=True)
    code = textgrad.Variable((project / "roman.py").read_text("utf-8"), requires_grad=True, role_description=ROLE)
    optimizer = textgrad.TextualGradientDescent(parameters=[code], engine=engine)
    passed, report = tested(project, python, code.value)
    steps = 0
    while not passed and steps < STEPS:
        optimizer.zero_grad()
        loss(manner, code, report, engine).backward()
        optimizer.step()
        steps += 1
        passed, report = tested(project, python, code.value)
    print(json.dumps({"passed": passed, "steps": steps, "imported": IMPORTED}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
