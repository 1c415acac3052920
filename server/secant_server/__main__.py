"""`python -m secant_server`: the server on stdin and stdout, for an editor."""

from secant_server.stdio import serve

serve()
