import re

_OPERATOR = re.compile(r"&&|\|\||>>|[|;><]")
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "$": "$"}


def split_command(text):
    words, word, place = [], None, 0
    while place < len(text):
        character = text[place]
        operator = _OPERATOR.match(text, place)
        if character in " \t\n":
            if word is not None:
                words.append(word)
            elif character == "\n" and words and words[-1] != ";":
                pass
            word = None
            if character == "\n" and words and words[-1] != ";":
                words.append(";")
            place += 1
        elif character == "#" and word is None:
            end = text.find("\n", place)
            place = len(text) if end < 0 else end
        elif operator:
            sign = operator.group()
            if word is not None and sign in (">", ">>", "<") and word.isdigit():
                words.append(word + sign)
            else:
                if word is not None:
                    words.append(word)
                words.append(sign)
            word = None
            place += len(sign)
        elif character == "'":
            end = text.find("'", place + 1)
            if end < 0:
                raise ValueError(f"quote at {place} is not closed")
            word = (word or "") + text[place + 1 : end]
            place = end + 1
        elif character == '"':
            word, place = _quoted(text, place, word or "")
        elif character == "\\":
            if place + 1 == len(text):
                raise ValueError("nothing follows the last backslash")
            if text[place + 1] != "\n":
                word = (word or "") + text[place + 1]
            place += 2
        else:
            word = (word or "") + character
            place += 1
    if word is not None:
        words.append(word)
    while words and words[-1] == ";":
        words.pop()
    return words


def _quoted(text, start, word):
    place = start + 1
    while place < len(text):
        character = text[place]
        if character == '"':
            return word, place + 1
        if character == "\\" and place + 1 < len(text):
            following = text[place + 1]
            word += _ESCAPES.get(following, "" if following == "\n" else "\\" + following)
            place += 2
        else:
            word += character
            place += 1
    raise ValueError(f"quote at {start} is not closed")
