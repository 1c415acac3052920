"""Scores of answers."""


class Scorer:
    def __init__(self, points, penalty=1):
        self.points, self.penalty = points, penalty

    def __call__(self, answer, solution):
        if answer is None:
            return 0
        return self.points if answer == solution else -self.penalty


SCORERS = {"easy": Scorer(1, penalty=0), "hard": Scorer(5, penalty=2)}
