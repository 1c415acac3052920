"""Jinja templates of prompts, rendered in Jinja's own sandbox: a template is a file, not a program.

A name that a case does not fill may be asked after (`{% if x %}`), as in Jinja itself and in Nunjucks, but not shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from jinja2 import (
    StrictUndefined,
    Template,
    TemplateAssertionError,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    meta,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import JsonValue

from secant.errors import BadRequest
from secant.promptfiles.missing import unfilled

_AS_TEXT = "put it between {% raw %} and {% endraw %}"
_UNDEFINED = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'")


def render(text: str, values: Mapping[str, JsonValue]) -> str:
    """The template with these values. Raises BadRequest for a missing one, for broken syntax, for what is forbidden."""
    try:
        return _template(text).render(dict(values))
    except UndefinedError as error:
        match = _UNDEFINED.search(str(error))
        name = (match[1] or match[2]) if match else ""
        if not name:
            raise BadRequest(f"the template cannot be rendered: {error}") from error
        raise unfilled(f"{{{{ {name} }}}}", name, list(values), _AS_TEXT) from error
    except TemplateSyntaxError as error:
        raise BadRequest(f"{_wrong(error)} (line {error.lineno} of the prompt)") from error
    except SecurityError as error:
        raise BadRequest(f"the template does what prompts may not: {error}") from error
    except (
        TemplateError,
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        RecursionError,
        AttributeError,
    ) as error:
        raise BadRequest(f"the template cannot be rendered: {error}") from error


class _Missing(StrictUndefined):
    """What no field fills: false, and an error in any other use."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


class Fault(BadRequest):
    """A template that does not parse, and in which of its lines."""

    line: int = 1


def fields(text: str) -> frozenset[str]:
    """The names that a template takes from outside. Raises Fault where it does not parse."""
    environment = _environment()
    try:
        return frozenset(meta.find_undeclared_variables(environment.parse(text)) - set(environment.globals))
    except TemplateSyntaxError as error:
        fault = Fault(_wrong(error))
        fault.line = error.lineno
        raise fault from error


def tested(text: str) -> frozenset[str]:
    """The names that a template asks after: a case may do without them. Raises TemplateSyntaxError."""
    tree = _environment().parse(text)
    tests = [node.test for node in tree.find_all((nodes.If, nodes.CondExpr))]
    return frozenset(name for test in tests for name in _truths(test))


def _truths(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Name):
        yield node.name
    elif isinstance(node, nodes.Not):
        yield from _truths(node.node)
    elif isinstance(node, nodes.And | nodes.Or):
        yield from _truths(node.left)
        yield from _truths(node.right)


def _wrong(error: TemplateSyntaxError) -> str:
    what = "asks for what there is not" if isinstance(error, TemplateAssertionError) else "is not Jinja"
    return f"the template {what}: {error.message}"


@lru_cache(maxsize=64)
def _template(text: str) -> Template:
    """Compiled once for all cases of a candidate."""
    return _environment().from_string(text)


def _environment() -> ImmutableSandboxedEnvironment:
    # autoescape is off on purpose: what is rendered is a prompt, not a page
    environment = ImmutableSandboxedEnvironment(undefined=_Missing, keep_trailing_newline=True, autoescape=False)
    environment.filters["dump"] = lambda value: json.dumps(value, ensure_ascii=False)  # that of Nunjucks
    environment.filters["load"] = json.loads  # that of promptfoo
    return environment
