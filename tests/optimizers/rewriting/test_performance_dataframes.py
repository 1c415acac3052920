"""Cell-by-cell readers of a data frame on a small stand-in for pandas that counts how it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from test_performance_harness import candidates, compiled

from secant.rewriting.facts import Facts


class Series:
    """A column or a row: values under labels."""

    def __init__(self, labels: list[Any], values: list[Any]) -> None:
        self.labels, self.values = labels, values
        self.iloc = self.iat = values
        self.loc = self.at = dict(zip(labels, values, strict=True))

    def __getitem__(self, label: Any) -> Any:
        return self.loc[label]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["loc"][name]
        except KeyError:
            raise AttributeError(name) from None

    def tolist(self) -> list[Any]:
        return list(self.values)

    to_numpy = tolist


class Index(list[Any]):
    """Row labels."""

    is_unique = True


class Rows:
    """`iloc` and `loc`: whole rows, or one cell of a row."""

    def __init__(self, frame: Frame, places: dict[Any, int]) -> None:
        self.frame, self.places = frame, places

    def __getitem__(self, key: Any) -> Any:
        self.frame.rows_made += 1
        row, column = key if isinstance(key, tuple) else (key, None)
        columns = self.frame.columns
        found = Series(list(columns), [values[self.places[row]] for values in columns.values()])
        return found if column is None else found[column]


class Frame:
    """The part of a DataFrame that the rules read."""

    def __init__(self, columns: dict[str, list[Any]], labels: list[Any] | None = None) -> None:
        self.columns = columns
        length = len(next(iter(columns.values()), []))
        self.index = Index(labels or range(length))
        self.iloc = Rows(self, {place: place for place in range(length)})
        self.loc = self.at = Rows(self, {label: place for place, label in enumerate(self.index)})
        self.rows_made = 0

    def __len__(self) -> int:
        return len(self.index)

    def __getitem__(self, column: str) -> Series:
        return Series(list(self.index), self.columns[column])

    def iterrows(self) -> Iterator[tuple[Any, Series]]:
        for place, label in enumerate(self.index):
            yield label, self.iloc[place]


READERS = {
    "iloc": """def f(df):
    total = 0
    for i in range(len(df)):
        if df.iloc[i]["a"] > 1:
            total += df.iloc[i]["b"] * df["a"].iloc[i]
    return total
""",
    "row": """def f(df):
    out = []
    for i in range(len(df)):
        row = df.iloc[i]
        out.append((row["a"], row["b"]))
    return out
""",
    "loc": """def f(df):
    out = {}
    for label in df.index:
        out[label] = df.loc[label, "a"] + df.at[label, "b"]
    return out
""",
    "nested": """def f(df):
    out = []
    for i in range(len(df)):
        for j in range(i + 1, len(df)):
            if df.iloc[i]["a"] == df.iloc[j]["a"]:
                out.append((i, j))
    return out
""",
    "iterrows": """def f(df):
    out = []
    for label, row in df.iterrows():
        out.append((label, row["a"] - row.b))
    return out
""",
    "iterrows-comprehension": """def f(df):
    return [row["a"] for _, row in df.iterrows() if row["b"]]
""",
}

FRAMES = [
    {"columns": {"a": [1, 2, 3, 2], "b": [4, 0, 6, 1]}},
    {"columns": {"a": [1, 2], "b": [3, 4]}, "labels": ["x", "y"]},
    {"columns": {"a": [], "b": []}},
    {"columns": {}},
]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("frame", FRAMES, ids=["numbers", "labels", "empty", "bare"])
def test_columns_are_read_once_and_the_result_is_the_same(reader: str, frame: dict[str, Any]) -> None:
    text = READERS[reader]
    found = candidates(text, Facts(variable_types={"df": ("DataFrame",)}))
    found = [rewrite for rewrite in found if rewrite.rule in ("cells", "row_loops")]
    assert {rewrite.note.rpartition("(")[2] for rewrite in found} == {"tolist()", "to_numpy()"} or len(found) == 2
    for rewrite in found:
        before, after = Frame(**frame), Frame(**frame)
        assert compiled(rewrite.text)(after) == compiled(text)(before)
        assert after.rows_made == 0, rewrite.text
