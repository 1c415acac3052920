"""Message of the day."""


def message(day, path="messages.csv"):
    with open(path, encoding="utf-8") as file:
        messages = dict(line.rstrip("\n").split(",", 1) for line in file)
    return messages.get(day, messages["*"])
