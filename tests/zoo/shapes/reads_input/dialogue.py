"""Asks questions."""


def ask(question, tries=2):
    for _ in range(tries):
        answer = input(question + " ").strip().lower()
        if answer in ("yes", "no"):
            return answer == "yes"
    return None
