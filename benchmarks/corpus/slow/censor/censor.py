def censor(text, banned):
    """Replace banned words, in any case, by asterisks of their length."""
    words = []
    for word in text.split(" "):
        if word.lower() in [entry.lower() for entry in banned]:
            words.append("*" * len(word))
        else:
            words.append(word)
    return " ".join(words)
