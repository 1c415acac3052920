def letters(word):
    return sorted(word.replace(" ", ""))


def group_anagrams(words):
    """Lists of words that are anagrams of each other, in order of appearance."""
    groups = []
    for word in words:
        for group in groups:
            if letters(group[0]) == letters(word):
                group.append(word)
                break
        else:
            groups.append([word])
    return groups
