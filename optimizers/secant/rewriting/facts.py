"""What is known about a function's surroundings, as plain data. Everything is optional: {} is a legal answer."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict


class Facts(BaseModel):
    """Names and types around a function, and what its tests did inside it."""

    model_config = ConfigDict(frozen=True, defer_build=True, extra="ignore")

    module_functions: Mapping[str, tuple[str, ...]] = {}
    """Functions of the module: name to its parameter names."""
    module_classes: tuple[str, ...] = ()
    module_values: tuple[str, ...] = ()
    """Other names assigned at module level (constants, compiled patterns, ...)."""
    imports: Mapping[str, str] = {}
    """Local name to dotted origin: `np` to `numpy`, `deque` to `collections.deque`."""
    class_name: str | None = None
    """The class that the function is a method of."""
    class_methods: tuple[str, ...] = ()
    instance_attributes: tuple[str, ...] = ()
    """Attributes that the class's methods read or write on `self`."""
    variable_types: Mapping[str, tuple[str, ...]] = {}
    """Observed at run time: local or parameter name to the names of the types it held."""
    attribute_types: Mapping[str, tuple[str, ...]] = {}
    """Observed at run time: attribute of `self` to the names of the types it held."""
    covered_lines: Mapping[str, tuple[int, ...]] = {}
    """Test id to the lines of the text (1-based) that it ran."""
    failed_tests: tuple[str, ...] = ()
    error_lines: tuple[int, ...] = ()
    """Lines of the text where a failing test's exception was raised."""
    installed: tuple[str, ...] = ()
    """Third-party modules that the project already imports (numpy, pandas, ...)."""
    python: tuple[int, int] = (3, 11)
    """The Python version that will run the text."""
