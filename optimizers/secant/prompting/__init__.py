"""What is said to a model and how its reply is read, for every optimizer alike.

Templates, sections and the fences around other people's text (`render`), feedback and history in words (`feedback`,
`history`), critiques (`critique`), the one ladder that reads replies (`parse`), and the asking itself (`asking`).

This room sees values, and of the run only what `optimizer` shows. It evaluates nothing, decides nothing about the
search, and knows no provider.
"""
