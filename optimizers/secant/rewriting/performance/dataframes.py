"""Reading a data frame cell by cell: the columns become plain sequences before the loop.

This room recognises pandas by its spellings (`iloc`, `loc`, `at`, `iat`, `iterrows`) and imports nothing. `tolist`
gives Python numbers and `to_numpy` numpy ones; which of them the tests cannot tell from the cell is decided by them, so
both are offered.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import match_expression, match_statement
from secant.rewriting.performance.subject import Iteration, Subject, names_in
from secant.rewriting.purity import root_name

_CONVERSIONS = (("tolist()", 0.99), ("to_numpy()", 0.9))


class Cell(NamedTuple):
    """One place where a cell is read: `frame[column]` at a row."""

    node: ast.expr
    frame: ast.expr
    column: ast.expr
    row: ast.expr
    by_label: bool


_BY_PLACE = (
    "_df.iloc[_row][_column]",
    "_df[_column].iloc[_row]",
    "_df[_column].iat[_row]",
    "_df[_column].values[_row]",
    "_df.iloc[_row, _df.columns.get_loc(_column)]",
    "_df.iat[_row, _df.columns.get_loc(_column)]",
)
_BY_LABEL = (
    "_df.loc[_row, _column]",
    "_df.at[_row, _column]",
    "_df.loc[_row][_column]",
    "_df[_column].loc[_row]",
    "_df[_column].at[_row]",
)


def cells(subject: Subject) -> Iterator[Rewrite | None]:
    """`for i in range(len(df)): df.iloc[i]["a"]` -> `a_values = df["a"].tolist()` before the loop, `a_values[i]` in it.

    Also for a row that is named first (`row = df.iloc[i]`), and for `loc` and `at` with labels, which are looked up in
    a dict of the index. Applies where the loop neither changes the frame nor the column's name. An empty frame is not
    asked for its columns, as before.
    """
    for conversion, prior in _CONVERSIONS:
        yield _with_columns(subject, [*_cells(subject), *_cells_of_rows(subject)], conversion, prior)


def _cells(subject: Subject) -> list[Cell]:
    found: list[Cell] = []
    for node in subject.nodes:
        if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
            continue
        for by_label, patterns in ((False, _BY_PLACE), (True, _BY_LABEL)):
            for pattern in patterns:
                match = match_expression(pattern, node)
                if match is None or isinstance(match["_row"], ast.Slice | ast.Tuple) or _is_part(node, found):
                    continue
                if isinstance(match["_df"], ast.Name | ast.Attribute) and _is_column(match["_column"]):
                    found.append(Cell(node, match["_df"], match["_column"], match["_row"], by_label))
    return found


def _is_part(node: ast.AST, found: list[Cell]) -> bool:
    return any(node is part for cell in found for part in ast.walk(cell.node))


def _is_column(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and isinstance(node.value, str)) or isinstance(node, ast.Name)


def _cells_of_rows(subject: Subject) -> list[Cell]:
    """Cells read through a name: `row = df.iloc[i]` with `row["a"]` or `row.a` and no other use of `row`."""
    found: list[Cell] = []
    for statement in subject.nodes:
        for pattern, by_label in (("_row = _df.iloc[_i]", False), ("_row = _df.loc[_i]", True)):
            match = match_statement(pattern, statement) if isinstance(statement, ast.Assign) else None
            if match is None or not isinstance(match["_row"], ast.Name) or isinstance(match["_i"], ast.Slice):
                continue
            name: str = match["_row"].id
            columns = columns_read(subject, name, subject.node)
            if len(subject.bindings(name)) == 1 and columns is not None:
                cells = [Cell(node, match["_df"], column, match["_i"], by_label) for node, column in columns]
                if all(_place(subject, cell) is not None for cell in cells):
                    found += cells
    return found


def columns_read(subject: Subject, row: str, within: ast.AST) -> list[tuple[ast.expr, ast.expr]] | None:
    """Every read of `row`'s columns with the column; None where `row` is used in any other way."""
    found: list[tuple[ast.expr, ast.expr]] = []
    for node in ast.walk(within):
        if not (isinstance(node, ast.Name) and node.id == row and isinstance(node.ctx, ast.Load)):
            continue
        parent = subject.parent(node)
        if (
            isinstance(parent, ast.Subscript)
            and parent.value is node
            and isinstance(parent.ctx, ast.Load)
            and _is_column(parent.slice)
        ):
            found.append((parent, parent.slice))
        elif (
            isinstance(parent, ast.Attribute)
            and isinstance(parent.ctx, ast.Load)
            and not _is_call(subject, parent)
            and parent.attr not in _SERIES
        ):
            found.append((parent, ast.Constant(parent.attr)))
        else:
            return None
    return found or None


_SERIES = frozenset(
    [
        "name",
        "index",
        "values",
        "iloc",
        "loc",
        "at",
        "iat",
        "shape",
        "size",
        "dtype",
        "dtypes",
        "T",
        "array",
        "empty",
        "ndim",
        "str",
        "dt",
    ]
)
"""Attributes of a row that are not columns."""


def _is_call(subject: Subject, node: ast.Attribute) -> bool:
    parent = subject.parent(node)
    return isinstance(parent, ast.Call) and parent.func is node


def _with_columns(subject: Subject, cells: list[Cell], conversion: str, prior: float) -> Rewrite | None:
    draft = Draft(subject)
    names: dict[tuple[str, str, bool], str] = {}
    for cell in cells:
        place = _place(subject, cell)
        if place is None:
            continue
        frame, column = ast.unparse(cell.frame), ast.unparse(cell.column)
        key = (frame, column, cell.by_label)
        if key not in names:
            names[key] = subject.free_name(f"{_identifier(cell.column)}_values", f"{_identifier(cell.column)}_column")
            draft.before(subject.statement_of(place), _column(names[key], frame, column, cell.by_label, conversion))
        row = _row_of(subject, cell)
        draft.expression(cell.node, f"{names[key]}[{row}]")
    _drop_rows(subject, cells, draft, names)
    return draft.finish("cells", f"reads the columns once ({conversion})", prior) if names else None


def _row_of(subject: Subject, cell: Cell) -> str:
    return ast.unparse(cell.row)


def _place(subject: Subject, cell: Cell) -> Iteration | None:
    """The outermost loop that leaves the frame and the column's name alone."""
    best: Iteration | None = None
    root = root_name(cell.frame)
    for loop in subject.iterations_around(cell.node):
        found = subject.loop_effects(loop)
        names = names_in(cell.frame) | names_in(cell.column)
        if names & (found.assigned | found.mutated) or _hands_out(subject, loop, root):
            break
        best = loop
    return best


def _hands_out(subject: Subject, loop: ast.AST, root: str | None) -> bool:
    """Whether the loop gives the frame itself to a function that might change it."""
    for node in ast.walk(loop):
        if not isinstance(node, ast.Call):
            continue
        given = any(isinstance(argument, ast.Name) and argument.id == root for argument in node.args)
        reads = isinstance(node.func, ast.Name) and node.func.id in ("len", "range", "enumerate")
        if (given and not reads) or any(keyword.arg == "inplace" for keyword in node.keywords):
            return True
    return False


def _column(name: str, frame: str, column: str, by_label: bool, conversion: str) -> str:
    values = f"{frame}[{column}].{conversion}"
    if by_label:
        values = f"dict(zip({frame}.index, {values})) if {frame}.index.is_unique else {frame}[{column}]"
        return f"{name} = ({values}) if len({frame}) else {{}}"
    return f"{name} = {values} if len({frame}) else []"


def _identifier(column: ast.expr) -> str:
    if isinstance(column, ast.Name):
        return column.id
    text = "".join(c if c.isalnum() else "_" for c in str(getattr(column, "value", "column"))).strip("_").lower()
    return text if text.isidentifier() else "column"


def _drop_rows(subject: Subject, cells: list[Cell], draft: Draft, names: dict[tuple[str, str, bool], str]) -> None:
    """Removes `row = df.iloc[i]` where every use of the row was replaced."""
    rows = {root_name(cell.node) for cell in cells if root_name(cell.node) != root_name(cell.frame)}
    for row in sorted(row for row in rows if row):
        for binding in subject.bindings(row):
            statement = subject.statement_of(binding)
            if names and isinstance(statement, ast.Assign):
                draft.statements(statement, statement, "")


def row_loops(subject: Subject) -> Iterator[Rewrite | None]:
    """`for i, row in df.iterrows(): row["a"]` -> `for i, a in zip(df.index, df["a"].tolist()): a`.

    Applies where the row is only asked for its columns and the loop does not change the frame.
    """
    for node in subject.nodes:
        if not isinstance(node, ast.For | ast.comprehension):
            continue
        found = match_expression("_df.iterrows()", node.iter)
        target = node.target
        if (
            found is None
            or not isinstance(target, ast.Tuple)
            or len(target.elts) != 2
            or not isinstance(target.elts[1], ast.Name)
        ):
            continue
        holder = node if isinstance(node, ast.For) else subject.parent(node)
        columns = columns_read(subject, target.elts[1].id, holder) if holder else None
        if (
            columns is None
            or not isinstance(holder, ast.expr | ast.stmt)
            or subject.is_loaded_outside(target.elts[1].id, [holder])
        ):
            continue
        if isinstance(holder, ast.For) and names_in(found["_df"]) & set().union(*subject.loop_effects(holder)[:2]):
            continue
        if any(isinstance(column, ast.Name) for _, column in columns):
            continue
        for how in _CONVERSIONS:
            yield _zipped(subject, node, found["_df"], columns, how)


def _zipped(
    subject: Subject,
    node: ast.For | ast.comprehension,
    frame: ast.expr,
    columns: list[tuple[ast.expr, ast.expr]],
    how: tuple[str, float],
) -> Rewrite | None:
    conversion, prior = how
    draft = Draft(subject)
    spelling = ast.unparse(frame)
    names: dict[str, str] = {}
    for cell, column in columns:
        key = ast.unparse(column)
        if key not in names:
            names[key] = subject.free_name(_identifier(column), f"{_identifier(column)}_value")
        draft.expression(cell, names[key])
    sources: list[str] = []
    where = subject.statement_of(node.iter)
    for key, name in names.items():
        values = subject.free_name(f"{name}_values", f"{name}_column")
        draft.before(where, f"{values} = {spelling}[{key}].{conversion} if len({spelling}) else []")
        sources.append(values)
    index = node.target.elts[0] if isinstance(node.target, ast.Tuple) else node.target
    used = not isinstance(index, ast.Name) or _is_read(subject, index.id)
    targets = [ast.unparse(index), *names.values()] if used else list(names.values())
    sources = [f"{spelling}.index", *sources] if used else sources
    draft.expression(node.target, ", ".join(targets))
    draft.expression(node.iter, f"zip({', '.join(sources)})" if len(sources) > 1 else sources[0])
    return draft.finish("row_loops", f"loops over the columns ({conversion})", prior)


def _is_read(subject: Subject, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) for n in ast.walk(subject.node))
