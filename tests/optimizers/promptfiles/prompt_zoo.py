"""The prompt files of the zoo, and how they are opened from their bytes."""

from pathlib import Path

from secant.promptfiles.formats.source import FileDocument
from secant.promptfiles.opening import open_prompt

ZOO = Path(__file__).parents[2] / "zoo" / "prompts" / "files"
PROMPTS = [
    ("review.prompt.md", ""),
    ("style.instructions.md", ""),
    ("support.prompty", ""),
    ("classify.v2.prompty", ""),
    ("chef.prompt", ""),
    ("summarizer.prompt.yml", ""),
    ("anchors.prompt.yml", ""),
    ("promptfooconfig.yaml", "1"),
    ("promptfooconfig.yaml", "brief"),
    ("promptfooconfig.yaml", "chat.json"),
    ("promptfooconfig.yaml", "talk"),
    ("chat.json", ""),
    ("classify.txt", ""),
    ("answer.jinja2", ""),
    ("texts.py", "SYSTEM"),
    ("texts.py", "QUESTION"),
    ("texts.py", "Prompts.STEPS"),
    ("texts.py", "Prompts.PATTERN"),
    ("texts.py", "SHAPED"),
]


def opened(folder: Path, filename: str, raw: bytes, name: str = "") -> FileDocument:
    """The prompt in a file of these bytes."""
    path = folder / filename
    path.write_bytes(raw)
    return open_prompt(path, name)


def texts(document: FileDocument) -> dict[str, str]:
    """The texts of the parts by their names."""
    return {part.name: part.text for part in document.parts}
