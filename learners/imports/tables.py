"""CSV files with named columns, read strictly."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from courses.import_report import ImportRefused


def read_table(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The file's rows with their line numbers, every value stripped.

    Raises ImportRefused for a file that is missing, not UTF-8, without one of the columns,
    or with a row that has too few or too many values.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ImportRefused(f"{path.name} is missing in {path.parent}; put it there.") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ImportRefused(
            f"{path.name}, line {line}: not UTF-8; save the file as “CSV UTF-8” and try again."
        ) from None
    reader = csv.reader(text.splitlines())
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in columns if name not in header]
    if missing:
        raise ImportRefused(f"{path.name}, line 1: column {missing[0]} is missing; add it.")
    rows = []
    for values in reader:
        if not values:
            continue
        if len(values) != len(header):
            raise ImportRefused(
                f"{path.name}, line {reader.line_num}: {len(values)} values where {len(header)}"
                " are needed; the file may be cut off, take it from its source again."
            )
        row = {name: value.strip() for name, value in zip(header, values, strict=True)}
        rows.append((reader.line_num, row))
    if not rows:
        raise ImportRefused(f"{path.name} has no rows; take it from its source again.")
    return rows


def read_day(path: Path, line: int, column: str, typed: str) -> date:
    """An ISO date. Raises ImportRefused with the place."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ImportRefused(
            f"{path.name}, line {line}: “{typed}” in {column} is no date; write YYYY-MM-DD."
        ) from None
