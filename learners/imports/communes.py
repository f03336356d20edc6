"""The communes until June 2025: which district each stood below, and what became of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from courses.import_report import ImportRefused
from learners.choices import Level, SuccessionKind
from learners.imports.register import ONE_DAY, Line, Period
from learners.imports.tables import read_day, read_table, read_words

BASELINE = date(2020, 1, 1)
"""First day of the register, not a founding date."""

NEW_COMMUNES_FROM = date(2025, 7, 1)

JOINED_VINH_ON = date(2024, 12, 1)
JOINED_VINH = {
    "D413": ("16717", "16720", "16723", "16726", "16729", "16732", "16735"),
    "D429": ("17902", "17905", "17917", "17926"),
}
"""Resolution 1243/NQ-UBTVQH15: all of Cửa Lò and four communes of Nghi Lộc (Nghi Phong, Nghi
Xuân, Phúc Thọ, Nghi Thái) to Vinh. The table names only the last district of a commune, so
these eleven would stand below Vinh years too early, and Cửa Lò would be a town without wards."""

_FORMER_DISTRICT = {f"X{number}": code for code, own in JOINED_VINH.items() for number in own}
_DIGITS = re.compile(r"\d{5}")
_COLUMNS = ("old_nso_code", "old_name_vi", "district_code", "new_nso_code", "kind", "valid_to")


@dataclass(frozen=True)
class OldCommune:
    """One row: a commune of 2020 to 2025 and the one that it became."""

    where: str
    code: str
    name: str
    district_code: str
    successor_code: str
    kind: str
    valid_to: date

    @property
    def goes_on(self) -> bool:
        """Unchanged: the same organisation before and after."""
        return self.kind == SuccessionKind.UNCHANGED

    def periods(self) -> list[Period]:
        """One, or two for a commune that changed its district."""
        former = _FORMER_DISTRICT.get(self.code)
        if former is None:
            return [self._period(self.district_code, BASELINE, self.valid_to)]
        return [
            self._period(former, BASELINE, JOINED_VINH_ON - ONE_DAY),
            self._period(self.district_code, JOINED_VINH_ON, self.valid_to),
        ]

    def _period(self, district_code: str, first: date, last: date) -> Period:
        return Period(
            where=self.where,
            key=f"{self.code}@{BASELINE}",
            code=self.code,
            name=self.name,
            level=Level.COMMUNE,
            parent_code=district_code,
            valid_from=first,
            valid_to=last,
        )

    def line(self) -> Line:
        return Line(
            where=self.where,
            predecessor_code=self.code,
            successor_code=self.successor_code,
            kind=self.kind,
            day=NEW_COMMUNES_FROM,
            note="",
        )


def read_old_communes(path: Path) -> list[OldCommune]:
    """Every row of the table. Raises ImportRefused with the place."""
    communes = []
    for line, row in read_table(path, _COLUMNS):
        if row["kind"] not in (SuccessionKind.MERGED_WHOLE, SuccessionKind.UNCHANGED):
            raise ImportRefused(
                f"{path.name}, line {line}: kind “{row['kind']}” is unknown; use"
                f" {SuccessionKind.MERGED_WHOLE} or {SuccessionKind.UNCHANGED}."
            )
        for column in ("old_nso_code", "new_nso_code"):
            if not _DIGITS.fullmatch(row[column]):
                raise ImportRefused(
                    f"{path.name}, line {line}: “{row[column]}” in {column} is no commune code;"
                    " it has five digits."
                )
        name = read_words(path, line, "old_name_vi", row["old_name_vi"], 150)
        communes.append(
            OldCommune(
                where=f"{path.name}, line {line}",
                code=f"X{row['old_nso_code']}",
                # As the new ones are called in agencies.csv: the committee, not the land.
                name=f"Ủy ban nhân dân {name[0].lower()}{name[1:]}",
                district_code=f"D{row['district_code']}",
                successor_code=f"X{row['new_nso_code']}",
                kind=row["kind"],
                valid_to=read_day(path, line, "valid_to", row["valid_to"]),
            )
        )
    return communes


def check_every_new_commune_has_a_past(
    path: Path, communes: Iterable[OldCommune], agencies: Iterable[Period]
) -> None:
    """Raises ImportRefused when rows of the table are missing: nothing began from nothing."""
    known = {commune.successor_code for commune in communes}
    for period in agencies:
        is_commune = period.level == Level.COMMUNE and _DIGITS.fullmatch(period.code[1:])
        if is_commune and period.code not in known:
            raise ImportRefused(
                f"{path.name}: no old commune became {period.code}, which stands in"
                f" {period.where}; the file may be cut off, take it from its source again."
            )
