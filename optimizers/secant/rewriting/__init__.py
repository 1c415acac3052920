"""Model-free edits of Python source: text in, candidate texts out.

This room knows Python's syntax and nothing else: it reads no file, runs no candidate, and does not know what a test is.
`source` locates nodes in a function's own text, `edit` splices replacements into it, `facts` is what the caller knows
about the surroundings; `repair` and `performance` are the two catalogues.
"""
