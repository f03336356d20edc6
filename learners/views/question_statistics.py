"""How questions did, for a bank and as workbooks."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses.models import QuestionBank
from learners.exports import Cell, Column, Kind, Sheet, stamp, workbook
from learners.permissions import kept_banks, refuse
from learners.reports.quizzes import FEWEST, NEWEST, QuestionRow, bank_rows, question_rows
from learners.views.downloads import download
from learners.views.marking import kept_quiz


@login_required
@require_GET
def bank(request: HttpRequest, pk: int) -> HttpResponse:
    """Every question of the bank that was asked, in whatever quiz."""
    shown = _bank(request, pk)
    context = {"bank": shown, "rows": bank_rows(shown), "fewest": FEWEST, "newest": NEWEST}
    return render(request, "learners/marking/bank.html", context)


@login_required
@require_GET
def bank_xlsx(request: HttpRequest, pk: int) -> FileResponse:
    shown = _bank(request, pk)
    return _workbook(request, shown.name, bank_rows(shown), f"ngan-hang-{shown.pk}.xlsx")


@login_required
@require_GET
def quiz_xlsx(request: HttpRequest, pk: int) -> FileResponse:
    item = kept_quiz(request, pk)
    title = f"{item.edition.title} · {item.title}"
    return _workbook(request, title, question_rows(item), f"cau-hoi-{item.pk}.xlsx")


def _bank(request: HttpRequest, pk: int) -> QuestionBank:
    shown = kept_banks(request.user).filter(pk=pk).first()
    if shown is None:
        raise refuse(request.user, "question bank", pk)
    return shown


def _workbook(
    request: HttpRequest, title: str, rows: Sequence[QuestionRow], name: str
) -> FileResponse:
    limits = _("Nothing is said under %(fewest)d answers; at most %(newest)d attempts are read.")
    sheet = Sheet(
        name=_("Questions"),
        title=_("How the questions did: %(title)s") % {"title": title},
        source=[limits % {"fewest": FEWEST, "newest": NEWEST}, stamp()],
        columns=[
            Column(_("Question"), 70),
            Column(_("Kind"), 22),
            Column(_("Answers given"), 12, Kind.NUMBER),
            Column(_("Share reached (%)"), 14, Kind.PERCENT),
            Column(_("Telling apart"), 14, Kind.RATIO),
            Column(_("Note"), 20),
        ],
        rows=_cells(rows),
    )
    return download(request, workbook(sheet), name)


def _cells(rows: Sequence[QuestionRow]) -> Iterator[list[Cell]]:
    for row in rows:
        apart = row.statistics.discrimination if row.statistics else None
        yield [
            row.stem,
            row.kind,
            row.count,
            row.reached if row.statistics else None,
            None if apart is None else Decimal(f"{apart:.4f}"),
            _("look at the key") if row.is_suspect else "",
        ]
