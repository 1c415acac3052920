class Account:
    def __init__(self, balance=0):
        self.balance = balance

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError(f"a deposit must be positive, not {amount}")
        self.balance += amount
