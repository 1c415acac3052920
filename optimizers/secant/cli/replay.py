"""`secant replay CASSETTE`: the run that a cassette holds once more, in this folder and without any model."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from secant.config import REQUESTS, Models, OptimizeRequest, RunRequest
from secant.errors import BadRequest
from secant.models.cassette import recorded_request


def request(cassette: Path, folder: Path, python: str | None) -> RunRequest:
    """What the cassette's run was asked, with the cassette in place of its models. Raises BadRequest."""
    asked = dict(recorded_request(cassette))
    kind = REQUESTS.get(asked.pop("kind", "function"), OptimizeRequest)
    try:
        recorded = Models.model_validate(asked.pop("models", {}))
        models = recorded.model_copy(update={"replay": cassette.absolute()})
        return kind.model_validate({**asked, "models": models, "folder": folder, "python": python})
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, each["loc"])) for each in error.errors())
        raise BadRequest(
            f"this cassette was recorded by another version of Secant, whose request this one cannot read ({fields})",
            hint="Record it again: secant optimize ... --model ... --record CASSETTE",
            where=str(cassette),
        ) from error
