"""Eval data: rows in files of several formats, read with the place of each, and divided into splits."""
