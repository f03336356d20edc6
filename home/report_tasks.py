"""Reports that are drawn up while nobody waits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import IO

from django.core.files import File
from django.utils import timezone
from django_tasks import task

from courses.work import progress
from home.deliveries import send_due, write_due
from home.models import ReportFile
from home.report_sources import Source, request_of, source_of
from learners.exports import Cell, csv_file, workbook

KEPT = timedelta(days=7)
TOLD_EVERY = 500
"""Rows between two words on progress."""


@task(queue_name="reports")
def make_report_file(file_id: str) -> None:
    """Draw up one list. Idempotent; begun anew after a kill. Memory does not grow with rows."""
    asked = ReportFile.objects.select_related("by").get(pk=file_id)
    if asked.made_at is not None:
        return
    source = source_of(asked.kind, request_of(asked.by, asked.query))
    with _drawn(asked, source) as made:
        asked.file.save(f"{source.name}.{asked.form}", File(made), save=False)
    asked.made_at = timezone.now()
    asked.save(update_fields=["file", "rows", "made_at"])


def _drawn(asked: ReportFile, source: Source) -> IO[bytes]:
    """The file, and in `asked` how many rows or people are in it."""
    if asked.form == "zip" and source.pack is not None:
        asked.rows = source.rows
        return source.pack(lambda seen: progress(seen, max(source.rows, seen)))
    counted = _Counted(source.sheet.rows, source.rows)
    sheet = replace(source.sheet, rows=counted)
    made = csv_file(sheet) if asked.form == "csv" else workbook(sheet, dated=not source.pack)
    asked.rows = counted.seen
    return made


class _Counted:
    """Rows that tell how many went by."""

    def __init__(self, rows: Iterable[Sequence[Cell]], expected: int) -> None:
        self.rows, self.expected, self.seen = rows, expected, 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for row in self.rows:
            yield row
            self.seen += 1
            if self.seen % TOLD_EVERY == 0:
                progress(self.seen, max(self.expected, self.seen))


@task(queue_name="reports")
def forget_report_files() -> None:
    """Delete the files that were asked for more than a week ago. Idempotent."""
    for file in ReportFile.objects.filter(asked_at__lt=timezone.now() - KEPT):
        file.file.delete(save=False)
        file.delete()


@task(queue_name="reports")
def send_scheduled_reports() -> None:
    """Write down what is due and send it. Idempotent; tried again while no server answers."""
    write_due()
    send_due()
