"""A Python function as artifact: find it, find what tests it, run it, time it, write it back.

This room knows files, projects and interpreters. It knows no optimizer, no model and no editor, and it never imports
the user's code into this process: what must run, runs in the worker, under the user's own interpreter.
"""
