"""One account, kept in the module."""

balance = 0
history = []


def deposit(cents):
    global balance
    if cents <= 0:
        raise ValueError(cents)
    balance += cents
    history.append(balance)
    return balance
