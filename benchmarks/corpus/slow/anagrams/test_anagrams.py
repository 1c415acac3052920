from anagrams import group_anagrams


def test_groups():
    assert group_anagrams(["tea", "tan", "eat", "nat", "ate"]) == [["tea", "eat", "ate"], ["tan", "nat"]]


def test_spaces_do_not_count():
    assert group_anagrams(["dirty room", "dormitory"]) == [["dirty room", "dormitory"]]


def test_empty():
    assert group_anagrams([]) == []


def test_many_words():
    words = [chr(97 + i % 11) + chr(97 + i % 7) + chr(97 + i % 5) for i in range(450)]
    groups = group_anagrams(words)
    assert sum(len(group) for group in groups) == 450
    assert groups[0][0] == "aaa"
