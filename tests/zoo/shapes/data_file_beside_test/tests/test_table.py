import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from table import read_table  # noqa: E402


def test_beside_the_module():
    assert read_table() == [{"unit": "m", "factor": "1"}, {"unit": "ell", "factor": "0.66"}]


def test_beside_the_test():
    assert read_table(HERE / "data" / "people.csv", ";") == [{"name": "Zoë", "age": "41"}]
