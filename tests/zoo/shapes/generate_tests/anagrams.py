"""Anagrams."""


def is_anagram(first, second):
    return first != second and sorted(first) == sorted(second)
