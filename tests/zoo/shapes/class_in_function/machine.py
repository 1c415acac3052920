"""Builds counters for a given alphabet."""


def make_machine(alphabet):
    class Machine:
        def __init__(self):
            self.seen = dict.fromkeys(alphabet, 0)

        def feed(self, text):
            for letter in text:
                if letter in alphabet:
                    self.seen[letter] += 1
            return self

    return Machine
