"""Lists of businesses: a row enters a business, corrects it, changes nothing or says why not."""

import logging

import pytest
from django.core.files.storage import storages
from django.utils.translation import override

from learners.choices import Act, Level
from learners.imports import businesses
from learners.imports.business_plan import Planner
from learners.imports.businesses import apply_list, check_list, open_list
from learners.imports.kept_lists import accept_repairs
from learners.models import (
    AuditEntry,
    Business,
    BusinessList,
    BusinessListRow,
    Person,
    PersonalNumber,
    Succession,
)
from learners.personal_data.erasing import confirm, propose
from tests.factories.lists import workbook_of
from tests.factories.reports import on_23_november, organisation, viewer, world

pytestmark = pytest.mark.django_db

TAX, BRANCH, HEAD = "0100109106", "0100109106-001", "040190001234"
HEADINGS = ["STT", "Tên cơ sở", "Loại hình", "Mã số thuế", "Xã, phường", "Quyết định công nhận",
            "Ngày công nhận"]  # fmt: skip


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("vi"):
        yield


@pytest.fixture
def place():
    found = world()
    found.officer = viewer("can-bo-xa", unit=found.commune)
    found.other = organisation(
        "X16690", "Ủy ban nhân dân phường Trường Vinh", found.province, level=Level.COMMUNE
    )
    return found


def row(name="Công ty An", kind="Doanh nghiệp", number=TAX, commune="Kim Liên", act="", day=""):
    return [1, name, kind, number, commune, act, day]


def opened(place, *rows, headings=HEADINGS, **fields):
    data = workbook_of([["DANH SÁCH CƠ SỞ KINH DOANH"], headings, *rows])
    return open_list(data, name="co-so.xlsx", by=place.officer, **fields)


def checked(place, *rows, within=None, **fields):
    run = opened(place, *rows, **fields)
    BusinessList.objects.filter(pk=run.pk).update(state="checking")
    check_list(run, within)
    run.refresh_from_db()
    return run


def applied(place, *rows, within=None, accept=False, **fields):
    run = checked(place, *rows, within=within, **fields)
    if accept:
        accept_repairs(run)
    return again(run, within)


def again(run, within=None):
    BusinessList.objects.filter(pk=run.pk).update(state="applying", read=0)
    apply_list(run, within)
    run.refresh_from_db()
    return run


def fault(run):
    """The one fault of the one row that is left out."""
    [left] = run.rows.exclude(faults=[])
    return left.faults[0]["why"], left.faults[0]["repair"], left.can_be_accepted


GOOD = [
    row(),
    row("Chi nhánh Công ty An", number=BRANCH),
    row("HTX Sen", "Hợp tác xã", "2900325526"),
    row("Làng nghề Yên Lưu", "Làng nghề", "", act="12/QĐ-UBND", day="05/04/2020"),
    row("Tạp hóa Mai", "Hộ kinh doanh", HEAD),
]


def test_each_kind_is_entered_with_what_it_is_known_by(place):
    run = applied(place, *GOOD)
    assert run.counts == {"created": 5}
    assert list(Business.objects.values_list("kind", "name", "tax_code", "recognition")) == [
        ("enterprise", "Chi nhánh Công ty An", BRANCH, ""),
        ("enterprise", "Công ty An", TAX, ""),
        ("cooperative", "HTX Sen", "2900325526", ""),
        ("craft_village", "Làng nghề Yên Lưu", None, "12/QĐ-UBND, 05/04/2020"),
        ("household_business", "Tạp hóa Mai", None, ""),
    ]
    assert {one.commune for one in Business.objects.all()} == {place.commune}


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        ({"name": "#REF!"}, "B3"),
        ({"name": "#REF!", "number": ""}, "B3"),
        ({"act": "#N/A"}, "F3"),
        ({"commune": "#N/A"}, "E3"),
    ],
)
def test_a_formula_that_failed_enters_no_business_of_that_name(place, cells, cell):
    run = checked(place, row(**cells))
    assert run.counts == {"refused": 1}
    assert fault(run) == (
        f"Ô {cell} báo lỗi {next(iter(cells.values()))}.",
        "Hãy ghi thẳng giá trị vào ô, thay cho công thức.",
        False,
    )


def test_the_same_list_again_changes_nothing(place):
    applied(place, *GOOD)
    before = list(Business.objects.values())
    run = applied(place, *GOOD)
    assert (run.counts, list(Business.objects.values())) == ({"unchanged": 5}, before)
    assert not run.rows.exists()


def test_a_list_that_is_only_checked_changes_nothing(place):
    run = checked(place, *GOOD)
    assert (run.state, run.counts, Business.objects.count()) == ("checked", {"created": 5}, 0)


def test_household_number_is_sealed_and_stands_nowhere_in_the_clear(place, caplog):
    caplog.set_level(logging.DEBUG)
    rows = [
        row("Tạp hóa Mai", "Hộ kinh doanh", HEAD),
        row("Tạp hóa Lan", "Hộ kinh doanh", HEAD),
        row(f"Hộ {HEAD}", "Hộ kinh doanh", ""),
        row("Công ty Bình", "Doanh nghiệp", HEAD),
        row("Tạp hóa Tư", "Hộ kinh doanh", "40190001234"),
    ]
    run = applied(place, *rows)
    shop = Business.objects.get()
    assert (shop.shown_number, shop.tax_code) == ("•••• 1234", None)
    kept = [run.counts, *BusinessListRow.objects.values(), *Business.objects.values()]
    kept += [*AuditEntry.objects.values(), *BusinessList.objects.values()]
    assert HEAD not in str(kept) + caplog.text
    assert HEAD[1:] not in str(kept) + caplog.text
    assert run.rows.exclude(faults=[]).count() == 4


@pytest.mark.parametrize(
    ("changes", "why", "repair", "acceptable"),
    [
        ({"number": "0100109107"}, "không khớp chữ số kiểm tra", "dạng chữ", False),
        ({"number": "0100109107-001"}, "không khớp chữ số kiểm tra", "dạng chữ", False),
        ({"number": "01001091"}, "10 chữ số", "dạng chữ", False),
        ({"number": "01001A9106"}, "chỉ gồm chữ số", "dạng chữ", False),
        ({"number": "100109106"}, "mất chữ số 0", TAX, True),
        ({"number": HEAD}, "Chỉ hộ kinh doanh", "10 hoặc 13", False),
        ({"number": "•••• 1234"}, "bị che", "số đầy đủ", False),
        ({"kind": "Ngân hàng"}, "không phải là loại cơ sở", "hộ kinh doanh", False),
        ({"commune": "Xã Lạ"}, "Không có đơn vị nào", "", False),
        ({"commune": "Kim Liênn"}, "Không có đơn vị nào", "Kim Liên", True),
        ({"commune": ""}, "chưa ghi xã, phường", "mã hoặc tên", False),
        ({"number": ""}, "Doanh nghiệp phải có mã số thuế", "không có mã", True),
        ({"name": "x" * 201}, "200", "đăng ký", False),
        (
            {"name": "Làng nghề Lụa", "kind": "Làng nghề", "number": ""},
            "quyết định công nhận",
            "số và ngày",
            True,
        ),
        ({"act": "1", "day": "32/13/2020"}, "không phải là ngày", "ngày/tháng", False),
    ],
)
def test_a_row_with_a_fault_says_why_and_what_would_mend_it(
    place, changes, why, repair, acceptable
):
    run = applied(place, row(**changes))
    said, better, can = fault(run)
    assert why in said
    assert repair in better
    assert (can, Business.objects.count(), run.counts) == (acceptable, 0, {"refused": 1})


def test_accepted_repairs_are_made(place):
    rows = [
        row(number="100109106"),
        row("Tạp hóa Mai", "Hộ kinh doanh", "40190001234"),
        row("Công ty Không Số", number=""),
        row("Làng nghề Lụa", "Làng nghề", "", commune="Kim Liênn"),
    ]
    run = applied(place, *rows, accept=True)
    # The village has two faults; both could be accepted.
    assert run.counts == {"created": 4}
    assert Business.objects.get(name="Công ty An").tax_code == TAX
    assert Business.objects.get(name="Tạp hóa Mai").shown_number == "•••• 1234"
    assert not run.rows.exclude(sealed="").exists()
    assert applied(place, *rows, accept=True).counts == {"unchanged": 4}


def test_one_business_twice_in_a_list_is_entered_once(place):
    run = applied(place, row(), row("CTY TNHH AN"), row(number="0100 109 106"))
    assert (run.counts, Business.objects.count()) == ({"created": 1, "refused": 2}, 1)


def test_corrections_are_made_by_the_number_and_written_down(place):
    applied(place, row(), row("Làng nghề Sen", "Làng nghề", "", act="1/QĐ", day="05/04/2020"))
    run = applied(
        place,
        row("Công ty Bình", commune="16690"),
        row("LÀNG NGHỀ SEN", "Làng nghề", "", act="2/QĐ", day="06/04/2021"),
    )
    assert run.counts == {"changed": 2}
    company = Business.objects.get(tax_code=TAX)
    assert (company.name, company.commune) == ("Công ty Bình", place.other)
    village = Business.objects.get(kind="craft_village")
    assert (village.name, village.recognition) == ("Làng nghề Sen", "2/QĐ, 06/04/2021")
    entries = AuditEntry.objects.filter(act=Act.BUSINESS).order_by("pk")
    assert [entry.before["name"] for entry in entries] == ["Công ty An", "Làng nghề Sen"]
    assert AuditEntry.objects.filter(act=Act.BUSINESS_LIST).count() == 2


def test_what_the_list_itself_says_for_its_rows_moves_nobody(place):
    applied(place, row())
    headings = ["Tên cơ sở", "Mã số thuế"]
    run = applied(
        place,
        ["Công ty An", TAX],
        headings=headings,
        default_kind="cooperative",
        default_commune=place.other.pk,
    )
    assert run.counts == {"unchanged": 1}


def test_kind_is_known_by_how_the_name_begins(place):
    run = applied(
        place,
        ["CÔNG TY TNHH An", TAX],
        ["HTX Sen", ""],
        ["Hộ kinh doanh Mai", HEAD],
        ["Quán Mai", "2900325526"],
        headings=["Tên cơ sở", "Mã số thuế"],
        default_commune=place.commune.pk,
    )
    assert run.counts == {"created": 3, "refused": 1}
    assert "loại cơ sở" in fault(run)[0]


def test_commune_is_known_by_present_and_by_old_code_and_name(place):
    old = organisation("X17959", "Ủy ban nhân dân xã Nam Liên", place.province, level=Level.COMMUNE)
    old.versions.update(valid_to="2025-06-30")
    Succession.objects.create(
        predecessor=old,
        successor=place.commune,
        kind="merged_whole",
        effective_from="2025-07-01",
    )
    named = ["17950", "X17950", "Xã Kim Liên", "Ủy ban nhân dân xã Kim Liên", "kim lien"]
    named += ["17959", "Xã Nam Liên"]
    rows = [row(f"HTX {n}", "HTX", "", commune=said) for n, said in enumerate(named)]
    run = applied(place, *rows)
    assert run.counts == {"created": len(named)}
    assert {one.commune for one in Business.objects.all()} == {place.commune}
    assert "Xã Kim Liên" in " ".join(run.rows.values_list("what", flat=True)).replace(
        "Ủy ban nhân dân xã", "Xã"
    )


def test_only_the_communes_of_the_officer(place):
    mine = frozenset({place.commune.pk})
    run = applied(place, row("HTX 1", "HTX", "", "16690"), row("HTX 2", "HTX", ""), within=mine)
    assert run.counts == {"refused": 1, "created": 1}
    assert "không thuộc địa bàn" in fault(run)[0]
    elsewhere = applied(place, row(commune="16690"))
    assert elsewhere.counts == {"created": 1}
    run = applied(place, row(), within=mine)
    assert run.counts == {"refused": 1}
    assert "địa bàn" in fault(run)[0]
    assert Business.objects.get(tax_code=TAX).commune == place.other


class TestHouseholdsOfOneName:
    def shop(self, number):
        return row("Hộ kinh doanh Nguyễn Thị Mai", "Hộ kinh doanh", number)

    def test_the_officer_is_asked_and_may_say_the_same(self, place):
        applied(place, self.shop(""))
        run = checked(place, self.shop(HEAD))
        assert run.counts == {"unsure": 1}
        run.rows.update(decision="accepted")
        assert again(run).counts == {"changed": 1}
        assert Business.objects.get().shown_number == "•••• 1234"
        assert applied(place, self.shop(HEAD)).counts == {"unchanged": 1}

    def test_or_another_one(self, place):
        applied(place, self.shop(""))
        run = checked(place, self.shop(HEAD))
        run.rows.update(decision="other")
        assert again(run).counts == {"created": 1}
        assert Business.objects.count() == 2
        for number in (HEAD, ""):
            assert applied(place, self.shop(number)).counts == {"unchanged": 1}

    def test_undecided_it_stays_out(self, place):
        applied(place, self.shop(HEAD))
        run = applied(place, self.shop(""))
        assert (run.counts, Business.objects.count()) == ({"unsure": 1}, 1)

    def test_two_numbers_are_two_shops(self, place):
        assert applied(place, self.shop(HEAD), self.shop("040190001235")).counts == {"created": 2}


def test_enterprise_known_by_name_gets_its_number(place):
    applied(place, row(number=""), accept=True)
    assert applied(place, row()).counts == {"changed": 1}
    assert Business.objects.get().tax_code == TAX


def test_totals_headings_and_signatures_are_no_businesses(place):
    blank = ["", "", "", "", "", "", ""]
    extra = [[*blank[:1], "I. Xã Kim Liên", *blank[2:]], [*blank[:1], "Tổng cộng", *blank[2:]]]
    assert applied(place, extra[0], row(), extra[1]).counts == {"created": 1}


def test_killed_between_batches_it_goes_on_where_it_stopped(place, monkeypatch):
    monkeypatch.setattr(businesses, "BATCH", 2)
    rows = [row(f"HTX {n}", "HTX", "") for n in range(5)] + [row("HTX 0", "HTX", "")]
    run = checked(place, *rows)
    real, calls = businesses._store, []

    class Killed(BaseException):
        pass

    def dies(plans):
        calls.append(plans)
        if len(calls) == 2:
            raise Killed
        return real(plans)

    monkeypatch.setattr(businesses, "_store", dies)
    BusinessList.objects.filter(pk=run.pk).update(state="applying", read=0)
    with pytest.raises(Killed):
        apply_list(run, None)
    run.refresh_from_db()
    assert (Business.objects.count(), run.counts) == (2, {"created": 2})
    apply_list(run, None)
    run.refresh_from_db()
    assert (Business.objects.count(), run.counts) == (5, {"created": 5, "refused": 1})
    assert len([plan for plans in calls for plan in plans if plan.row.name == "HTX 0"]) == 2


def test_somebody_who_signs_up_meanwhile_is_no_fault(place, monkeypatch):
    run = checked(place, row())
    real = Planner.plan

    def overtaken(planner, batch, decisions=None):
        plans = real(planner, batch, decisions)
        monkeypatch.undo()
        Business.objects.create(
            kind="enterprise", name="Công ty An", commune=place.commune, tax_code=TAX
        )
        return plans

    monkeypatch.setattr(Planner, "plan", overtaken)
    assert again(run).counts == {"unchanged": 1}
    assert Business.objects.count() == 1


def test_number_that_somebody_enters_meanwhile_is_not_written_over(place, monkeypatch):
    known = Business.objects.create(kind="enterprise", name="Công ty An", commune=place.commune)
    run = checked(place, row())
    real = Planner.plan

    def overtaken(planner, batch, decisions=None):
        plans = real(planner, batch, decisions)
        monkeypatch.undo()
        Business.objects.filter(pk=known.pk).update(tax_code="2900325526")
        return plans

    monkeypatch.setattr(Planner, "plan", overtaken)
    # It has another number, so it is another business.
    assert again(run).counts == {"created": 1}
    known.refresh_from_db()
    assert known.tax_code == "2900325526"
    assert Business.objects.exclude(pk=known.pk).get().tax_code == TAX


def test_file_is_kept_sealed_and_forgotten_once_applied(place):
    run = checked(place, *GOOD)
    with storages["private"].open(run.file) as kept:
        assert b"PK" not in kept.read()[:10]
    run = again(run)
    assert run.file == ""


def test_csv_of_an_old_office_is_read_too(place):
    text = "Tên hợp tác xã;MST;Xã/phường\r\nHTX Sen;2900325526;Xã Kim Liên\r\n"
    run = open_list(text.encode("utf-16"), name="htx.csv", by=place.officer)
    BusinessList.objects.filter(pk=run.pk).update(state="checking")
    check_list(run, None)
    run.refresh_from_db()
    assert run.counts == {"created": 1}


def test_whoever_had_his_data_erased_is_not_brought_back_unseen(place):
    head = Person.objects.create(full_name="Lê Thị Na")
    PersonalNumber.made(head, HEAD).save()
    confirm(propose(head, by=viewer("minh"), why="Đơn"), by=viewer("lan"))
    rows = [row("Tạp hóa Na", "Hộ kinh doanh", HEAD)]
    run = applied(place, *rows)
    assert (run.counts, Business.objects.count()) == ({"refused": 1}, 0)
    assert "23/11/2026" in fault(run)[0]
    assert applied(place, *rows, accept=True).counts == {"created": 1}
