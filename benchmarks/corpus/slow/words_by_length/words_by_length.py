from typing import List


def sort_by_length(words: List[str]) -> List[str]:
    """Shortest words first; words of one length keep their order. Sorts the list itself and returns it."""
    swapped = True
    while swapped:
        swapped = False
        for i in range(len(words) - 1):
            if len(words[i]) > len(words[i + 1]):
                tmp = words[i]
                words[i] = words[i + 1]
                words[i + 1] = tmp
                swapped = True
    return words
