import pytest
from tape import Tape


def test_forward():
	assert Tape("abc").step() == "b"


def test_stops_at_the_end():
	assert Tape("abc").step(9) == "c"


def test_stops_at_the_start():
	assert Tape("abc").step(-1) == "a"


def test_no_tape():
	with pytest.raises(ValueError):
		Tape("").step()
