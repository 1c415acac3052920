from hooks import add_hook

NAME = add_hook("second", priority=-1)
