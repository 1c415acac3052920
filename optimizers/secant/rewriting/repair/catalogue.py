"""The registry: every operator of the catalogue, and the level at which it comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from secant.rewriting.edit import Edit, apply
from secant.rewriting.facts import Facts
from secant.rewriting.repair import (
    branches,
    calls,
    conditions,
    constants,
    flow,
    guards,
    insertions,
    loops,
    mutable_defaults,
    names,
    operators,
    slices,
    statements,
    wrapping,
)
from secant.rewriting.repair.anatomy import Anatomy
from secant.rewriting.source import FunctionSource

Depth = Literal["lite", "full"]
Operator = Callable[[Anatomy], Iterator[Edit]]

LITE: tuple[Operator, ...] = (
    operators.comparison,
    operators.arithmetic,
    operators.augmented,
    operators.boolean,
    operators.operand_order,
    operators.grouping,
    operators.negation,
    constants.numbers,
    constants.truths,
    constants.empty_values,
    constants.strings,
    constants.start_values,
    constants.off_by_one,
    names.variables,
    names.attributes,
    names.assignment_targets,
    names.unpacking,
    slices.indices,
    slices.bounds,
    slices.insertion,
    slices.forgotten_indices,
    calls.families,
    calls.type_names,
    calls.known_functions,
    calls.arguments,
    calls.defaults,
    calls.keywords,
    calls.recursion,
    conditions.parts,
    conditions.constant,
    conditions.chains,
    loops.ranges,
    loops.counted,
    loops.stops,
    loops.enumerations,
    loops.while_kind,
    wrapping.unwrapping,
    wrapping.wraps,
    wrapping.comprehensions,
    statements.deletion,
    statements.order,
    statements.blocks,
    statements.into_blocks,
    branches.unconditional,
    branches.branches,
    insertions.without_effect,
    insertions.initialised,
    flow.returned,
    flow.missing_return,
    flow.exits,
    flow.exceptions,
    flow.generators,
    guards.at_start,
    guards.in_loops,
    mutable_defaults.mutable_defaults,
    names.attribute_for_variable,
    names.constant_for_variable,
    names.lengths,
    names.forgotten_operands,
    names.incompatible_variables,
    slices.shifts,
    calls.argument_insertion,
    conditions.simple,
    conditions.strengthened,
    loops.iterables,
    insertions.repeated,
    insertions.synthesised,
    branches.absorbed,
    wrapping.own_functions,
    flow.early_returns,
    conditions.wrapped_loops,
)
FULL: tuple[Operator, ...] = (
    constants.letters,
    names.expressions,
    slices.windows,
    slices.index_variables,
    calls.iterables,
    calls.moved_calls,
    conditions.synthesis,
    conditions.combined,
    wrapping.all_wraps,
    wrapping.operations,
    wrapping.lookups,
    wrapping.forgotten_terms,
    wrapping.fallbacks,
    insertions.varied,
    branches.alternatives,
    statements.far_moves,
    flow.stored_results,
    flow.swallowed,
    flow.loop_else,
    guards.at_start_thoroughly,
    guards.in_loops_thoroughly,
    guards.around_statements,
)
"""What `full` adds to `lite`."""


def edits(source: FunctionSource, facts: Facts, level: Depth) -> Iterator[Edit]:
    """Every edit of the catalogue at that level, operator by operator; `full` includes `lite`.

    Each changes the text. Two edits may make the same text: `ranked` leaves the second out.
    """
    function = Anatomy(source, facts)
    for operator in LITE if level == "lite" else (*LITE, *FULL):
        yield from (edit for edit in operator(function) if _changes(function, edit))


def _changes(function: Anatomy, edit: Edit) -> bool:
    if all(function.data[start:end] == text.encode("utf-8") for start, end, text in edit.splices):
        return False
    return len(edit.splices) == 1 or apply(function.source.text, edit.splices) != function.source.text
