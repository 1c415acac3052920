from hooks import add_hook

NAME = add_hook("first")
