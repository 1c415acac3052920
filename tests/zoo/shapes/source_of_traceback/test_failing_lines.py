import traceback

import pytest
from failing_lines import check, check_all


def frames(error):
    return [frame.name for frame in traceback.extract_tb(error.value.__traceback__)]


def test_counts():
    assert check_all(["a", "b\nc"]) == [1, 2]


def test_raised_by_check():
    with pytest.raises(ValueError, match="line 2") as error:
        check(["a", ""])
    assert frames(error)[-1] == "check"


def test_file_of_the_frame():
    with pytest.raises(ValueError) as error:
        check_all([""])
    last = traceback.extract_tb(error.value.__traceback__)[-1]
    assert last.filename.endswith("failing_lines.py")
    assert last.line.startswith("raise ")
