import pytest
from codec import encode


@pytest.fixture(params=[False, True], ids=["text", "binary"])
def binary(request):
    return request.param


@pytest.fixture
def coded(request, binary):
    result = encode(request.param, binary=binary)
    return result.decode() if binary else result


@pytest.mark.parametrize("coded", ["aaab", "aaab"], indirect=True)
def test_runs(coded):
    assert coded == "3a1b"


@pytest.mark.parametrize(("coded", "length"), [("", 0), ("zz", 2), ("abc", 6)], indirect=["coded"])
def test_length(coded, length):
    assert len(coded) == length


def test_type(binary):
    assert isinstance(encode("a", binary), bytes) is binary
