"""Greetings."""


def greet(name, mark="!"):
    return f"hello {name.strip()}{mark}"


quiet = greet


def shouting(function):
    def shout(*args, **kwargs):
        return function(*args, **kwargs).upper()

    return shout


greet = shouting(greet)
