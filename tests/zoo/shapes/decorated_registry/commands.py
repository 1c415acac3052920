"""Commands of a chat bot, found by name."""

COMMANDS = {}


def command(name):
    def register(function):
        COMMANDS[name] = function
        return function

    return register


@command("greet")
def greet(words):
    """Greets everyone that is named."""
    return "Hello " + " and ".join(word.title() for word in words) + "!"


@command("echo")
def echo(words):
    return " ".join(words)


def run(line):
    name, *words = line.split()
    return COMMANDS[name](words)
