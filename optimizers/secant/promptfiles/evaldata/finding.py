"""Where the eval data of a prompt file stands if nobody says: beside it, under its name."""

from __future__ import annotations

from pathlib import Path

_ENDINGS = (".jsonl", ".yaml", ".yml", ".csv", ".json")


def find_data(path_of_prompt: Path) -> tuple[Path, ...]:
    """The first of `<name>.eval.jsonl`, `.yaml`, `.yml`, `.csv`, `.json` that exists beside the prompt; empty where
    none does. The name is the whole one or a shorter one: for `support.prompt.md` `support.prompt` and `support`.
    """
    for name in data_names(path_of_prompt):
        if (candidate := path_of_prompt.with_name(name)).is_file():
            return (candidate,)
    return ()


def data_names(path_of_prompt: Path) -> tuple[str, ...]:
    """The names that `find_data` looks for, in its order."""
    stems: list[str] = []
    stem = path_of_prompt.name
    while "." in stem.lstrip("."):
        stem = stem.rpartition(".")[0]
        stems.append(stem)
    return tuple(f"{each}.eval{ending}" for each in reversed(stems or [stem]) for ending in _ENDINGS)
