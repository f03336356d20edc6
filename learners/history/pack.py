"""The histories of a unit as one zip: messages to be sent, and a list of whom they leave out.

People are read once, batch by batch, so that the two agree and memory does not grow with their
number. The same facts give the same bytes, whoever asks and whenever.
"""

import json
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from django.template.loader import render_to_string
from django.utils import translation

from learners.choices import PROVINCE_CODE
from learners.evidence.zips import add, chunks
from learners.exports import csv_file
from learners.history.national import envelope
from learners.history.people import REASONS, Obstacle, Official
from learners.history.sheets import LeftOut, left_out_sheet

FORMAT = "training-history/1"
MESSAGES, LEFT_OUT, README, MANIFEST = (
    "ho-so.jsonl",
    "chua-gui.csv",
    "DOC-TRUOC.txt",
    "manifest.json",
)
TOLD_EVERY = 500


def make_pack(
    people: Iterable[Official], unit: str, code: str, told: Callable[[int], None]
) -> IO[bytes]:
    """The zip, open at its beginning; closing it removes it. In Vietnamese."""
    file = tempfile.TemporaryFile(suffix=".zip")  # noqa: SIM115 - whoever takes it closes it
    with (
        translation.override("vi"),
        _Sorting(people, told) as sorting,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        listed = [add(archive, MESSAGES, sorting.messages())]
        with csv_file(left_out_sheet(sorting.left_out())) as left_out:
            listed.append(add(archive, LEFT_OUT, chunks(left_out)))
        reasons = [(str(REASONS[why][0]), n) for why, n in sorting.counted()]
        context = {"unit": unit, "sorting": sorting, "reasons": reasons}
        readme = render_to_string("learners/history/readme.txt", context)
        listed.append(add(archive, README, [readme.encode()]))
        add(archive, MANIFEST, [_manifest(unit, code, sorting, listed)])
    file.seek(0)
    return file


class _Sorting:
    """Reads people once: gives the messages, and keeps on disk who has none."""

    def __init__(self, people: Iterable[Official], told: Callable[[int], None]) -> None:
        self.people, self.told = people, told
        self.seen = self.sent = self.trainings = 0
        self.why: Counter[Obstacle] = Counter()

    def __enter__(self) -> "_Sorting":
        self.aside = tempfile.TemporaryFile("w+", encoding="utf-8")
        return self

    def __exit__(self, *error: object) -> None:
        self.aside.close()

    def messages(self) -> Iterator[bytes]:
        for one in self.people:
            self.seen += 1
            if self.seen % TOLD_EVERY == 0:
                self.told(self.seen)
            why = one.obstacle
            if why is not None:
                self.why[why] += 1
                self.aside.write(json.dumps(LeftOut.of(one, why), ensure_ascii=False) + "\n")
                continue
            self.sent += 1
            self.trainings += len(one.training.rows)
            yield envelope(one)

    def left_out(self) -> Iterator[LeftOut]:
        """Those put aside, in their order. After the messages."""
        self.aside.seek(0)
        for line in self.aside:
            name, number, unit, why = json.loads(line)
            yield LeftOut(name, number, unit, Obstacle(why))

    def counted(self) -> list[tuple[Obstacle, int]]:
        return [(why, self.why[why]) for why in Obstacle if self.why[why]]


def _manifest(unit: str, code: str, sorting: _Sorting, listed: list[dict]) -> bytes:
    told = {
        "format": FORMAT,
        "sender": PROVINCE_CODE,
        "unit": {"code": code, "name": unit},
        "people": sorting.seen,
        "sent": sorting.sent,
        "trainings": sorting.trainings,
        "left_out": {str(why): n for why, n in sorting.counted()},
        "files": listed,
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"
