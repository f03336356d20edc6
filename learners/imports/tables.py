"""CSV files with named columns, read strictly."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from courses.import_report import ImportRefused
from courses.text import nfc


def read_table(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The file's rows with their line numbers, every value in NFC and without outer spaces.

    Raises ImportRefused for a file that cannot be opened, is not UTF-8, lacks one of the
    columns, has a row with too few or too many values, or ends within quotes.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    rows = []
    try:
        header = [name.strip() for name in next(reader, [])]
        missing = [name for name in columns if name not in header]
        if missing:
            raise ImportRefused(f"{path.name}, line 1: column {missing[0]} is missing; add it.")
        for values in reader:
            if not any(values):
                continue
            if len(values) != len(header):
                raise ImportRefused(
                    f"{path.name}, line {reader.line_num}: {len(values)} values where"
                    f" {len(header)} are needed; the file may be cut off, take it from its"
                    " source again."
                )
            row = {name: nfc(value) for name, value in zip(header, values, strict=True)}
            rows.append((reader.line_num, row))
    except csv.Error as error:
        raise ImportRefused(
            f"{path.name}, line {reader.line_num}: {error}; the file may be cut off, take it"
            " from its source again."
        ) from None
    if not rows:
        raise ImportRefused(f"{path.name} has no rows; take it from its source again.")
    return rows


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ImportRefused(f"{path.name} is missing in {path.parent}; put it there.") from None
    except OSError as error:
        raise ImportRefused(f"{path.name} cannot be opened: {error.strerror}.") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        if error.reason == "unexpected end of data":
            raise ImportRefused(
                f"{path.name}, line {line}: the file ends within a letter; it was cut off, take"
                " it from its source again."
            ) from None
        raise ImportRefused(
            f"{path.name}, line {line}: not UTF-8; save the file as “CSV UTF-8” and try again."
        ) from None


def read_words(path: Path, line: int, column: str, typed: str, at_most: int) -> str:
    """A value that must be there and fit. Raises ImportRefused with the place."""
    if not typed:
        raise ImportRefused(f"{path.name}, line {line}: {column} is empty; fill it in.")
    if len(typed) > at_most:
        raise ImportRefused(
            f"{path.name}, line {line}: {column} has {len(typed)} letters; {at_most} fit."
        )
    return typed


def read_day(path: Path, line: int, column: str, typed: str) -> date:
    """An ISO date. Raises ImportRefused with the place."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ImportRefused(
            f"{path.name}, line {line}: “{typed}” in {column} is no date; write YYYY-MM-DD."
        ) from None
