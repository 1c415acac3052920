def split_command(text):
    """The words of a command line of the job runner."""
    words = []
    word = ""
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif character == " " and not quoted:
            if word:
                words.append(word)
            word = ""
        else:
            word += character
    if word:
        words.append(word)
    return words
