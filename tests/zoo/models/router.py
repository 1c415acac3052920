"""Routes tickets as `promptfiles.counter` has it, and asked for a better prompt, names the codes."""

from tests.optimizers.promptfiles.counter import CODES, program, routed, version
from tests.zoo.models.server import Reply, completion


def reply(request: dict) -> Reply:
    prompt = "\n\n".join(message["content"] for message in request["messages"])
    better = version(routed(CODES))
    count = request.get("n") or 1
    answer = better if "<IMPROVED" in prompt else program
    return completion(request, *(answer(prompt, 0) for _ in range(count)))
