"""A solution as artifact: a Markdown file with a problem and an answer to it, refined against visible evidence.

The document and the way back into it, the answer in a text, checks and the critique that judge, the vote, and the run
behind `secant solve`. Sees models through `optimizer.LanguageModel` alone; code of a candidate runs in the confined
worker of `functions/`, never here; nothing here knows an optimizer.
"""
