from savings_plan import balances


def test_balances():
    assert balances([1] * 60) == list(range(1, 61))
    assert balances([2, -1] * 30) == [total for i in range(30) for total in (i + 2, i + 1)]


def test_long():
    assert balances([2] * 10000)[-1] == 20000
