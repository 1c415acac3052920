import codes


def check_known():
    assert codes.check_digit("400638133393") == 1


def test_not_collected():
    raise AssertionError


class DescribeShortCodes:
    def check_zero(self):
        assert codes.check_digit("0") == 0

    def check_one(self):
        assert codes.check_digit("1") == 9
