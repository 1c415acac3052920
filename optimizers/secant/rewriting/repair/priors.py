"""How often each kind of edit is the right one: the catalogue's only numbers that are shared.

Priors order the work and exclude nothing. An operator scales its prior for what makes one of its edits more or less
likely (a known kind, a neighbouring number); the names are those that a report shows.
"""

from __future__ import annotations

from collections.abc import Mapping

PRIORS: Mapping[str, float] = {
    # symbols between operands
    "comparison": 1.0,
    "boolean": 1.0,
    "arithmetic": 0.95,
    "augmented": 0.9,
    "assignment": 0.5,
    "operand order": 0.6,
    "grouping": 0.4,
    "sign removal": 0.9,
    "not insertion": 0.75,
    "minus insertion": 0.35,
    # constants
    "number": 0.95,
    "truth": 0.9,
    "empty value": 0.5,
    "start value": 0.5,
    "string": 0.5,
    "letter": 0.1,
    "off by one": 0.75,
    # names
    "variable": 0.7,
    "attribute": 0.7,
    "self attribute": 0.4,
    "target": 0.45,
    "unpacking": 0.5,
    "variable for constant": 0.3,
    "constant for variable": 0.3,
    "length": 0.3,
    "expression": 0.25,
    "lookup": 0.3,
    "operation": 0.2,
    # indices and slices
    "index": 0.5,
    "index swap": 0.7,
    "slice insertion": 0.35,
    "slice bound": 0.6,
    "slice to index": 0.3,
    "slice window": 0.2,
    "forgotten index": 0.5,
    # calls
    "call": 0.85,
    "call order": 0.3,
    "type name": 0.6,
    "argument order": 0.7,
    "argument deletion": 0.4,
    "argument insertion": 0.25,
    "default": 0.5,
    "keyword": 0.7,
    "key": 0.4,
    "star": 0.2,
    "recursion": 0.5,
    "unwrap": 0.55,
    "wrap": 0.35,
    "fallback": 0.15,
    "branch": 0.6,
    "comprehension": 0.4,
    # conditions
    "condition": 0.3,
    "condition part": 0.65,
    "condition constant": 0.4,
    "condition extension": 0.25,
    "condition around": 0.15,
    "filter": 0.3,
    # loops
    "range": 0.6,
    "iterable": 0.4,
    "enumerate": 0.5,
    "loop keyword": 0.5,
    # statements
    "deletion": 0.6,
    "move": 0.5,
    "unconditional": 0.5,
    "branch swap": 0.6,
    "else removal": 0.4,
    "elif": 0.5,
    "statement": 0.25,
    "effect": 0.8,
    "first value": 0.8,
    "else insertion": 0.25,
    "guard": 0.3,
    "return value": 0.4,
    "missing return": 0.7,
    "early exit": 0.35,
    "exit": 0.8,
    "stored result": 0.2,
    "exception": 0.4,
    "generator": 0.5,
    "mutable default": 0.9,
}
