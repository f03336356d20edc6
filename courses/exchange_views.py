"""Questions in and out of banks, in Wagtail's administration."""

import io
from typing import Any

import xlsxwriter
from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from courses.exports.gift import write_gift
from courses.exports.moodle_xml import write_moodle_xml
from courses.import_report import ImportRefused
from courses.imports.questions.files import LARGEST_BYTES, read_questions
from courses.imports.questions.store import store_questions
from courses.models import Question, QuestionBank
from courses.waiting_files import drop_aside, put_aside, take_aside

SAMPLE = [
    ["Câu hỏi", "A", "B", "C", "D", "Đáp án", "Giải thích", "Danh mục", "Thẻ", "Độ khó"],
    [
        "Mật khẩu nào khó đoán nhất?",
        "12345678",
        "Sáng nào mẹ cũng ra chợ Vinh",
        "nghean2026",
        "",
        "B",
        "Một câu dài dễ nhớ và khó đoán.",
        "An toàn/Mật khẩu",
        "mật khẩu",
        "Dễ",
    ],
    [
        "Những việc nào an toàn?",
        "Khóa máy khi rời bàn",
        "Cho mượn tài khoản",
        "Cập nhật phần mềm",
        "",
        "A, C",
        "",
        "An toàn",
        "",
        "Trung bình",
    ],
    ["Chữ ký số có giá trị như chữ ký tay.", "", "", "", "", "Đúng", "", "Pháp luật", "", "Dễ"],
]
"""The sheet that authors take as a pattern: choice, several choices, true or false."""


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "GIFT, Aiken, Moodle XML, QTI (XML or zip), or an Excel sheet with the headings"
            " Câu hỏi, A, B, C, D, Đáp án."
        ),
    )
    bank = forms.CharField(
        label=gettext_lazy("Question bank"),
        max_length=200,
        help_text=gettext_lazy("The name of a bank; a new one is made when there is none."),
        widget=forms.TextInput(attrs={"list": "banks", "autocomplete": "off"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise ValidationError(
                _("The file is larger than %(n)d MB.") % {"n": LARGEST_BYTES // 2**20}
            )
        return file


class ConfirmForm(forms.Form):
    """What the page of the trial sends back."""

    key = forms.UUIDField()
    bank = forms.CharField(max_length=200)
    name = forms.CharField(max_length=255)


@permission_required("courses.add_question", raise_exception=True)
def exchange(request: HttpRequest) -> HttpResponse:
    """Upload a file and see what it would do; below, the banks to take away.

    A link from a bank brings its name along.
    """
    form = UploadForm(
        request.POST or None, request.FILES or None, initial={"bank": request.GET.get("bank", "")}
    )
    if request.method == "POST" and form.is_valid():
        file, bank = form.cleaned_data["file"], form.cleaned_data["bank"]
        data = file.read()
        try:
            report = store_questions(
                read_questions(data), bank=bank, origin=file.name, dry_run=True
            )
        except ImportRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            context = {
                "report": report,
                "bank": bank,
                "name": file.name,
                "key": put_aside(data),
                "page_title": _("What the file would do"),
                "header_icon": "upload",
            }
            return render(request, "courses/admin/exchange_trial.html", context)
    context = {
        "form": form,
        "banks": QuestionBank.objects.order_by("name"),
        "page_title": _("Import and export"),
        "header_icon": "upload",
    }
    status = 422 if form.is_bound else 200
    return render(request, "courses/admin/exchange.html", context, status=status)


@permission_required("courses.add_question", raise_exception=True)
def take_in(request: HttpRequest) -> HttpResponse:
    """Import the file that was tried, and show what became of each question."""
    if request.method != "POST":
        return redirect("questions_exchange:index")
    form = ConfirmForm(request.POST)
    data = take_aside(form.cleaned_data["key"]) if form.is_valid() else None
    if data is None:
        messages.warning(request, _("This file has been imported already, or it waited too long."))
        return redirect("questions_exchange:index")
    bank, origin = form.cleaned_data["bank"], form.cleaned_data["name"]
    report = store_questions(read_questions(data), bank=bank, origin=origin)
    drop_aside(form.cleaned_data["key"])
    context = {
        "report": report,
        "bank": bank,
        "name": origin,
        "done": True,
        "page_title": _("Imported"),
        "header_icon": "upload",
    }
    return render(request, "courses/admin/exchange_trial.html", context)


@require_GET
@permission_required("courses.view_question", raise_exception=True)
def take_out(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """A bank as a file; kinds that the form does not have are named in a header and a note."""
    bank = get_object_or_404(QuestionBank, pk=pk)
    questions = Question.objects.filter(bank=bank).order_by("category__name", "pk")
    rows = list(questions.select_related("category__parent").prefetch_related("tagged__tag"))
    if form == "gift":
        text, left_out = write_gift(rows)
        notes = [
            _("// Left out, GIFT has no such kind: %(name)s") % {"name": one} for one in left_out
        ]
        data, kind, ending = "\n".join([*notes, text]).encode(), "text/plain", "gift"
    elif form == "moodle":
        data, left_out = write_moodle_xml(rows)
        kind, ending = "application/xml", "xml"
    else:
        raise Http404
    response = HttpResponse(data, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(bank.slug)}.{ending}"'
    response["X-Left-Out"] = str(len(left_out))
    return response


@require_GET
@permission_required("courses.add_question", raise_exception=True)
def sample_sheet(request: HttpRequest) -> HttpResponse:
    """An Excel sheet with the headings and three questions, to be written over."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("Câu hỏi")
        page.set_column(0, 0, 50)
        page.set_column(1, 9, 18)
        for row, cells in enumerate(SAMPLE):
            page.write_row(row, 0, cells, book.add_format({"bold": row == 0, "text_wrap": True}))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(file.getvalue(), content_type=kind)
    response["Content-Disposition"] = 'attachment; filename="mau-cau-hoi.xlsx"'
    return response


class ExchangeMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("courses.add_question"))


class ExchangeViewSet(ViewSet):
    name = "questions_exchange"
    url_prefix = "questions-exchange"
    icon = "upload"
    menu_label = gettext_lazy("Import and export")

    def get_menu_item(self, order: int | None = None) -> MenuItem:
        return ExchangeMenuItem(
            self.menu_label, reverse("questions_exchange:index"), icon_name=self.icon, order=order
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", exchange, name="index"),
            path("sample/", sample_sheet, name="sample"),
            path("in/", take_in, name="take_in"),
            path("out/<int:pk>/<slug:form>/", take_out, name="take_out"),
        ]
