"""What is planted in lists of staff: each fault is told in one sentence that says where it is and
how to mend it, and the clean rows around it are taken."""

import io
import unicodedata
from datetime import date, datetime

import openpyxl
import pytest
from django.utils import translation
from django.utils.timezone import localdate

from learners.actions.recounting import differences
from learners.imports.staff import apply_list, check_list, open_list
from learners.models import Person, PersonalNumber, Post, StaffImport, Standing
from learners.personal_numbers import digest_of
from tests.factories.learning import this_period, unit
from tests.factories.staff_lists import DAY

pytestmark = pytest.mark.django_db

HEADINGS = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Mã cán bộ", "Mã đơn vị", "Đơn vị",
            "Phân loại", "Chức vụ", "Số điện thoại", "Từ ngày", "Kiêm nhiệm"]  # fmt: skip
FIRST = 5
"""The line below the titles and the headings."""


@pytest.fixture(autouse=True)
def units():
    with translation.override("vi"):
        yield unit("Trường THPT Huỳnh Thúc Kháng", "U1"), unit("Trường THPT Hà Huy Tập", "U2")


def row(number=0, **changes):
    """A clean one, but for what is changed, by heading."""
    cells = {
        "STT": number + 1,
        "Họ và tên": f"Trần Thị Lan {'ABCDEFGHIJ'[number // 10]}{'ABCDEFGHIJ'[number % 10]}",
        "Ngày sinh": "05/04/1990",
        "Số CCCD": f"0401900000{number:02}",
        "Mã cán bộ": f"NV{number:02}",
        "Mã đơn vị": "U1",
        "Phân loại": "Viên chức",
        "Chức vụ": "Giáo viên",
        "Số điện thoại": f"09123456{number:02}",
    }
    return [(cells | changes).get(heading) for heading in HEADINGS]


def file_of(rows, change=lambda _sheet: None):
    """A workbook as offices make them: merged titles, an empty row, the headings."""
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in [["DANH SÁCH CÁN BỘ"], ["(Kèm theo Công văn số 12)"], [], HEADINGS, *rows]:
        sheet.append(cells)
    sheet.merge_cells("A1:L1")
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def checked(*rows, change=lambda _sheet: None):
    run, sheet = open_list(
        file_of(rows, change), name="danh-sach.xlsx", unit=None, effective_on=DAY
    )
    StaffImport.objects.filter(pk=run.pk).update(state="checking")
    check_list(run, sheet)
    run.refresh_from_db()
    return run


def applied(*rows, accept_all=False):
    run = checked(*rows)
    StaffImport.objects.filter(pk=run.pk).update(state="applying", read=0)
    apply_list(run, accept_all=accept_all)
    run.refresh_from_db()
    return run


def told(run):
    """What the officer reads: the line, why it is not taken, what mends it."""
    return [
        (found.line, fault["why"], fault["repair"])
        for found in run.rows.filter(outcome__in=["refused", "unsure"])
        for fault in found.faults
    ]


WRITE_VALUE = "Hãy ghi thẳng giá trị vào ô, thay cho công thức."
AS_TEXT = "Hãy để cột ở dạng văn bản (Text) trong Excel rồi chép lại đủ số."
FAULTS = [
    ({"Số CCCD": 1.23e11}, "Excel đã rút gọn số thành 1.23E+11 nên mất các chữ số cuối.", AS_TEXT),
    ({"Số CCCD": 4.019e10}, "Excel đã rút gọn số thành 4.02E+10 nên mất các chữ số cuối.", AS_TEXT),
    (
        {"Số CCCD": "1.23E+11"},
        "Excel đã rút gọn số thành 1.23E+11 nên mất các chữ số cuối.",
        AS_TEXT,
    ),
    (
        {"Mã cán bộ": "4,2E+11"},
        "Excel đã rút gọn số thành 4,2E+11 nên mất các chữ số cuối.",
        AS_TEXT,
    ),
    (
        {"Số CCCD": 40190000507.5},
        "Số định danh cá nhân chỉ gồm chữ số.",
        "Hãy chép lại số trên thẻ căn cước, để ô ở dạng văn bản.",
    ),
    (
        {"Ngày sinh": "31/02/1990"},
        "“31/02/1990” không phải là ngày hợp lệ.",
        "Hãy ghi theo dạng ngày/tháng/năm, ví dụ 05/04/1990.",
    ),
    (
        {"Ngày sinh": "05/04/2090"},
        "Ngày 05/04/2090 nằm trong tương lai.",
        "Hãy kiểm tra lại năm.",
    ),
    (
        {"Ngày sinh": "05/04/1925"},
        f"Ghi sinh ngày 05/04/1925 thì người này {localdate().year - 1925} tuổi.",
        "Hãy kiểm tra lại năm sinh.",
    ),
    ({"Họ và tên": "=A1"}, "Ô B5 là công thức chưa có kết quả.", WRITE_VALUE),
    ({"Họ và tên": "#REF!"}, "Ô B5 báo lỗi #REF!.", WRITE_VALUE),
    ({"Ngày sinh": "#N/A"}, "Ô C5 báo lỗi #N/A.", WRITE_VALUE),
    ({"Số CCCD": "#N/A"}, "Ô D5 báo lỗi #N/A.", WRITE_VALUE),
    ({"Mã đơn vị": "#N/A"}, "Ô F5 báo lỗi #N/A.", WRITE_VALUE),
    (
        {"Mã cán bộ": "<script>"},
        "Mã cán bộ “<SCRIPT>” có ký tự lạ.",
        "Hãy kiểm tra lại mã cán bộ.",
    ),
    (
        {"Họ và tên": "<b>Trần Lan</b>"},
        "Họ tên có ký tự lạ: “<b>Trần Lan</b>”.",
        "Hãy ghi đủ họ và tên.",
    ),
    ({"Họ và tên": None}, "Thiếu họ tên.", "Hãy ghi đủ họ và tên."),
    (
        {"Phân loại": "Giáo viên"},
        "“Giáo viên” không phải là phân loại cán bộ.",
        "Hãy ghi: cán bộ, công chức, viên chức, người lao động hoặc không chuyên trách.",
    ),
    (
        {"Mã đơn vị": None, "Đơn vị": "Phòng Nội vụ huyện Nam Đàn"},
        "Không có đơn vị nào tên “Phòng Nội vụ huyện Nam Đàn”.",
        "Hãy ghi mã đơn vị, hoặc tên đúng như trong cây đơn vị.",
    ),
    (
        {"Từ ngày": "tháng 9"},
        "“tháng 9” không phải là ngày hợp lệ.",
        "Hãy ghi theo dạng ngày/tháng/năm, ví dụ 05/04/1990.",
    ),
]


@pytest.mark.parametrize(("changes", "why", "repair"), FAULTS)
def test_what_only_a_person_can_mend_is_told_with_its_place(changes, why, repair):
    run = applied(row(0, **changes), row(1), accept_all=True)
    assert told(run) == [(FIRST, why, repair)]
    assert run.counts == {"refused": 1, "created": 1, "missing": 0}
    assert Person.objects.get().full_name == "Trần Thị Lan AB"


LONG = "Phó trưởng phòng " * 10
REPAIRS = [
    ({"Số CCCD": 40190000077}, "Hiểu là •••• 0077, thêm số 0 ở đầu.", {}),
    ({"Ngày sinh": "04/25/1990"}, "Hiểu là 25/04/1990.", {"birth_date": date(1990, 4, 25)}),
    (
        {"Ngày sinh": 1990},
        "Hãy ghi đủ ngày, tháng, năm; hoặc đồng ý để trống ngày này.",
        {"birth_date": None},
    ),
    ({"Họ và tên": "ThS. NGUYỄN THỊ HOA"}, "Hiểu là Nguyễn Thị Hoa.", {}),
    ({"Họ và tên": "BSCKII Nguyễn Thị Hoa"}, "Hiểu là Nguyễn Thị Hoa.", {}),
    ({"Họ và tên": "Bà Nguyễn Thị Hoa"}, "Hiểu là Nguyễn Thị Hoa.", {}),
    ({"Họ và tên": "Nguyễn Thị Hoa - NV123"}, "Hiểu là Nguyễn Thị Hoa.", {}),
    ({"Họ và tên": "Nguyễn Thị Hoa (hợp đồng)"}, "Hiểu là Nguyễn Thị Hoa.", {}),
    ({"Họ và tên": "Hoa"}, "Đây đúng là họ tên đầy đủ.", {"full_name": "Hoa"}),
    ({"Phân loại": "Viên chứ"}, "Hiểu là Viên chức.", {"kind": "public_employee"}),
    (
        {"Mã đơn vị": None, "Đơn vị": "Trường THPT Huỳnh Thúc Khángg"},
        "Hiểu là Trường THPT Huỳnh Thúc Kháng.",
        {},
    ),
    (
        {"Chức vụ": LONG},
        "Giữ phần đầu, đến “…rưởng phòng Phó trưởng phòng P”.",
        {"title": LONG[:120]},
    ),
    ({"Chức vụ": "#VALUE!"}, "Bỏ qua ô này.", {"title": ""}),
    ({"Số điện thoại": "không có"}, "Bỏ qua số điện thoại này.", {"phone": ""}),
]


@pytest.mark.parametrize(("changes", "repair", "outcome"), REPAIRS)
def test_what_a_machine_can_mend_is_proposed_and_done_when_accepted(changes, repair, outcome):
    assert [mended for _line, _why, mended in told(checked(row(0, **changes)))] == [repair]
    applied(row(0, **changes), accept_all=True)
    person = Person.objects.get()
    post = person.posts.get()
    found = {
        "full_name": person.full_name,
        "birth_date": person.birth_date,
        "phone": person.phone,
        "kind": post.staff_kind,
        "title": post.title,
    }
    expected = {
        "full_name": "Nguyễn Thị Hoa"
        if "HOA" in changes.get("Họ và tên", "").upper()
        else "Trần Thị Lan AA",
        "birth_date": date(1990, 4, 5),
        "phone": "+84912345600",
        "kind": "public_employee",
        "title": "Giáo viên",
    }
    assert found == expected | outcome


READABLE = [
    ({"Họ và tên": unicodedata.normalize("NFD", "Trần Thị Lan AA")}, {}),
    ({"Họ và tên": "TRẦN THỊ LAN"}, {"full_name": "Trần Thị Lan"}),
    ({"Họ và tên": "\ufeff Trần\u00a0Thị \u200bLan "}, {"full_name": "Trần Thị Lan"}),
    ({"Họ và tên": "Ông Cao Thắng"}, {"full_name": "Ông Cao Thắng"}),
    ({"Ngày sinh": 32968}, {}),
    ({"Ngày sinh": datetime(1990, 4, 5)}, {}),  # noqa: DTZ001 - Excel knows no time zone
    ({"Ngày sinh": "5.4.90"}, {}),
    ({"Số CCCD": "\u200b040 190 000\u00a0000"}, {}),
    ({"Số CCCD": "０４０190000000"}, {}),
    ({"Số điện thoại": "+84 912.345.600"}, {}),
    ({"Số điện thoại": 912345600}, {}),
    ({"Số điện thoại": "01682345600"}, {"phone": "+84382345600"}),
    ({"Số điện thoại": "0123.2345.600"}, {"phone": "+84832345600"}),
    ({"Phân loại": "  VIÊN CHỨC. "}, {}),
]


@pytest.mark.parametrize(("changes", "outcome"), READABLE)
def test_other_ways_of_writing_are_read_without_a_word(changes, outcome):
    run = applied(row(0, **changes))
    assert run.counts == {"created": 1, "missing": 0}
    person = Person.objects.get()
    found = {"full_name": person.full_name, "born": person.birth_date, "phone": person.phone}
    expected = {
        "full_name": "Trần Thị Lan AA",
        "born": date(1990, 4, 5),
        "phone": "+84912345600",
    }
    assert found == expected | outcome
    assert PersonalNumber.objects.of(["040190000000"]).get().person == person
    assert applied(row(0, **changes)).counts == {"unchanged": 1, "missing": 0}


def test_an_old_mobile_number_says_what_became_of_it():
    run = checked(row(0, **{"Số điện thoại": "01682345600"}))
    assert run.rows.get().what == "Số điện thoại 01682345600 từ năm 2018 là 0382345600."


def test_one_number_in_two_rows_with_two_names_names_the_other_row():
    run = checked(row(0), row(1, **{"Số CCCD": "040190000000"}), row(2, **{"Mã cán bộ": "NV00"}))
    mend = "Hãy kiểm tra số ở cả hai dòng: mỗi số chỉ thuộc về một người."
    why = "Dòng 5 ghi cùng số này, nhưng họ tên là Trần Thị Lan AA."
    assert told(run) == [(6, why, mend), (7, why, mend)]


def test_one_person_in_two_units_of_a_list_is_asked_about():
    run = checked(row(0), row(0), row(0, **{"Mã đơn vị": "U2"}))
    assert told(run) == [
        (6, "Dòng 5 cũng ghi về người này.", "Hãy giữ lại một trong hai dòng."),
        (
            7,
            "Dòng 5 cũng ghi về người này.",
            (
                "Hãy giữ dòng của đơn vị hiện đang công tác; nếu giữ cả hai vị trí, ghi x ở cột"
                " “Kiêm nhiệm” cho vị trí thứ hai."
            ),
        ),
    ]


SECOND = {"Mã đơn vị": "U2", "Kiêm nhiệm": "x"}


@pytest.mark.parametrize(
    "rows",
    [
        [row(0), row(0, **SECOND)],
        [row(0, **SECOND), row(0)],
        [row(0), row(0, **SECOND | {"Số CCCD": None, "Mã cán bộ": None})],
        [row(0, **{"Số CCCD": None}), row(0, **SECOND)],
        [row(0), row(0, **SECOND | {"Số CCCD": None})],
    ],
    ids=["after", "before", "by-name", "number-in-second", "by-staff-number"],
)
def test_somebody_new_may_have_both_posts_in_one_list(rows, units):
    period = this_period()
    run = applied(*rows)
    assert run.counts == {"created": 1, "changed": 1, "missing": 0}
    person = Person.objects.get()
    assert person.staff_number == "NV00"
    assert PersonalNumber.objects.get().person == person
    posts = Post.objects.order_by("-is_main").values_list("managing_unit", "is_main")
    assert list(posts) == [(units[0].pk, True), (units[1].pk, False)]
    assert Standing.objects.get(period=period).organisation == units[0]
    assert differences(period) == []


def test_both_posts_of_somebody_new_again_change_nothing():
    rows = [row(0), row(0, **SECOND)]
    applied(*rows)
    assert applied(*rows).counts == {"unchanged": 2, "missing": 0}


def test_a_second_post_twice_in_one_unit_is_asked_about():
    by_name = {"Mã đơn vị": None, "Đơn vị": "Trường THPT Hà Huy Tập"}
    run = applied(row(0), row(0, **SECOND), row(0, **SECOND | by_name))
    assert told(run) == [(7, "Dòng 5 cũng ghi về người này.", "Hãy giữ lại một trong hai dòng.")]
    assert Post.objects.count() == 2


def test_words_in_the_column_for_second_posts_are_told():
    run = checked(row(0, **{"Kiêm nhiệm": "Bí thư chi bộ"}))
    assert run.rows.get().what == (
        "“Bí thư chi bộ” ở cột “Kiêm nhiệm” không được ghi nhận: vị trí kiêm nhiệm phải ở một"
        " dòng riêng, có dấu x ở cột này."
    )


def test_words_in_the_column_for_second_posts_are_told_of_each_row():
    said = {"Kiêm nhiệm": "Bí thư chi bộ"}
    run = checked(row(0, **said), row(1, **said))
    assert [found.what.startswith("“Bí thư chi bộ”") for found in run.rows.all()] == [True, True]


def test_a_formula_that_failed_is_told_where_it_stands_though_the_table_begins_in_column_c():
    def move(book):
        book.active.unmerge_cells("A1:L1")
        book.active.insert_cols(1, 2)

    run = checked(row(0, **{"Ngày sinh": "#N/A"}), change=move)
    assert told(run) == [(FIRST, "Ô E5 báo lỗi #N/A.", WRITE_VALUE)]
    assert [fault["column"] for fault in run.rows.get(outcome="refused").faults] == ["birth_date"]


def test_a_row_that_the_register_contradicts_since_the_check_is_told():
    run = checked(row(0), row(1))
    Person.objects.create(full_name="Lê Văn Khác", staff_number="NV00", birth_date=date(1971, 1, 1))
    StaffImport.objects.filter(pk=run.pk).update(state="applying", read=0)
    apply_list(run)
    run.refresh_from_db()
    assert run.counts == {"created": 1, "refused": 1, "missing": 0}
    assert [line for line, _why, _repair in told(run)] == [FIRST]


def test_another_number_in_a_second_row_of_one_person_is_told_whatever_number_the_first_has():
    applied(row(0))
    lan = Person.objects.get()
    PersonalNumber.objects.create(person=lan, length=9, digest=digest_of("182345678"))
    run = applied(
        row(0, **{"Số CCCD": "182345678"}),
        row(0, **{"Số CCCD": "040190000099", "Mã đơn vị": "U2", "Kiêm nhiệm": "x"}),
    )
    assert [why for _line, why, _repair in told(run)] == [
        "Mã cán bộ này đã có số định danh khác trong hồ sơ."
    ]


def test_what_stands_between_and_below_the_people_is_no_row():
    run = checked(
        ["I", "Ban Giám hiệu"],
        row(0),
        [],
        [" ", "\u00a0", ""],
        HEADINGS,
        [heading.upper() for heading in HEADINGS],
        [f"({place})" for place in range(1, 13)],
        ["II", "Tổ Văn phòng"],
        row(1),
        [None, "Tổng cộng: 2 người"],
        ["Cộng", None, None, 2],
        [None, "Tổng cộng", None, None, None, None, "2 người"],
        [None] * 7 + ["Nghệ An, ngày 1 tháng 6 năm 2026"],
        [None, "NGƯỜI LẬP", None, None, None, None, None, "HIỆU TRƯỞNG"],
        [None, "(Ký, ghi rõ họ tên)", None, None, None, None, None, "(Ký, đóng dấu)"],
    )
    assert run.counts == {"created": 2, "missing": 0}


def test_a_numbered_row_is_never_passed_over():
    empty = dict.fromkeys(HEADINGS[2:])
    run = checked(
        row(0, **empty),
        row(1, **empty | {"Ngày sinh": "31/02/1990"}),
        row(2, **empty | {"Chức vụ": "Giáo viên"}),
    )
    assert run.counts == {"refused": 3, "missing": 0}
    assert told(run)[0][1] == "Dòng này chỉ có họ tên."


def test_a_family_that_is_called_like_a_total_is_taken():
    run = checked(row(0, **{"Họ và tên": "Tống Công Minh"}), row(1, **{"Họ và tên": "Kỳ Văn Tổng"}))
    assert run.counts == {"created": 2, "missing": 0}


def test_hidden_rows_and_columns_and_other_sheets_are_told():
    def hide(book):
        book.active.row_dimensions[6].hidden = True
        book.active.column_dimensions["J"].hidden = True
        book.create_sheet("Tổng hợp").append(["Đơn vị", "Số người"])

    run = checked(row(0), row(1), change=hide)
    assert run.counts == {"created": 2, "missing": 0}
    assert run.warnings == [
        "Trang tính “Tổng hợp” không được đọc.",
        "Trang tính có 1 dòng bị ẩn; các dòng này vẫn được đọc như những dòng khác.",
        "Trang tính có cột bị ẩn; các cột này vẫn được đọc như những cột khác.",
    ]


def test_a_sheet_of_two_hundred_columns_is_read():
    def widen(book):
        for line, cells in enumerate(book.active.iter_rows(min_row=4), 4):
            for place in range(13, 201):
                book.active.cell(line, place, f"Cột {place}" if line == 4 else place)
            del cells

    assert checked(row(0), row(1), change=widen).counts == {"created": 2, "missing": 0}


@pytest.mark.parametrize("by", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_same_list_as_text_says_the_same(by, encoding):
    rows = [HEADINGS, row(0), row(1, **{"Số CCCD": "1.23E+11", "Ngày sinh": "31/02/1990"})]
    lines = [by.join("" if cell is None else str(cell) for cell in cells) for cells in rows]
    data = "\r\n".join(lines).encode(encoding)
    run, sheet = open_list(data, name="danh-sach.csv", unit=None, effective_on=DAY)
    StaffImport.objects.filter(pk=run.pk).update(state="checking")
    check_list(run, sheet)
    run.refresh_from_db()
    assert run.counts == {"created": 1, "refused": 1, "missing": 0}
    assert [why for _line, why, _repair in told(run)] == [
        "“31/02/1990” không phải là ngày hợp lệ.",
        "Excel đã rút gọn số thành 1.23E+11 nên mất các chữ số cuối.",
    ]
