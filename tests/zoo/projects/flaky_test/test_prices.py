import tempfile
from pathlib import Path

from prices import total

COUNTER = Path(tempfile.gettempdir()) / "zoo-flaky-test-runs"


def test_total():
    assert total([1, 2]) == 3


def test_every_other_run():
    runs = int(COUNTER.read_text()) if COUNTER.exists() else 0
    COUNTER.write_text(str(runs + 1))
    assert runs % 2 == 0
