"""Figures are drawn up, checked, signed by somebody else, and never changed again."""

import threading
from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from learners.actions.snapshots import (
    CannotGoOn,
    DoNotSum,
    FactsHaveChanged,
    NeedsReason,
    NothingNew,
    SameHands,
    check,
    draw_up,
    lock,
    sign,
)
from learners.choices import Act, IndicatorCode, Role, SnapshotState, Status
from learners.models import (
    AuditEntry,
    CountingRule,
    OrganisationVersion,
    Participation,
    Post,
    ReportingPeriod,
    Snapshot,
    TrainingRecord,
)
from learners.reports.snapshots import changes, drawn_today, lots_changed
from learners.tree import forget_trees
from tests.factories.reports import (
    ecommerce_class,
    on_23_november,
    participation,
    person,
    viewer,
    world,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day():
    with on_23_november():
        yield


@pytest.fixture
def province():
    """Ten people with ten fates."""
    found = world()
    for place, status in enumerate(Status):
        person(f"Nguyễn Thị Hoa {place}", found.hospital, status)
    left = person("Lê Văn Bình", found.hospital, Status.CLASS)
    Post.objects.filter(person=left).update(valid_to=date(2026, 3, 1))
    shopkeeper = person("Trần Thị Na", found.school, Status.NOTHING)
    participation(shopkeeper, ecommerce_class())
    participation(shopkeeper, ecommerce_class())
    return found


@pytest.fixture
def minh(province):
    return viewer("minh", unit=province.province)


@pytest.fixture
def leader(province):
    return viewer("leader", Role.LEADER, province.province)


def drawn(province, minh, unit=None, **more) -> Snapshot:
    return draw_up(period=province.period, unit=unit, by=minh, **more)


def signed(province, minh, leader, unit=None, **more) -> Snapshot:
    snapshot = drawn(province, minh, unit, **more)
    check(snapshot, by=minh)
    sign(snapshot, by=leader)
    return snapshot


def test_ten_people_with_ten_fates_are_counted_as_by_hand(province, minh):
    content = drawn(province, minh).content
    assert content["staff"] == dict.fromkeys(sorted(Status.values), 1) | {"nothing": 2}
    assert (content["participations"], content["participants"]) == (2, 1)
    by_code = {row["code"]: row for row in content["units"]}
    assert sum(by_code["H41"]["all"].values()) == 9
    assert by_code["NA-BV"]["above"] == "NA-SYT"
    assert by_code["NA-SYT"]["own"] == {}


def test_unit_holds_its_own_people_alone(province, minh):
    content = drawn(province, minh, province.health.pk).content
    assert (content["unit"], sum(content["staff"].values())) == ("NA-SYT", 8)
    assert content["participations"] == 0


class TestSteps:
    def test_whoever_drew_it_up_does_not_sign_it(self, province, minh):
        snapshot = drawn(province, minh)
        check(snapshot, by=minh)
        with pytest.raises(SameHands):
            sign(snapshot, by=minh)

    def test_unchecked_figures_are_not_signed(self, province, minh, leader):
        with pytest.raises(CannotGoOn):
            sign(drawn(province, minh), by=leader)

    def test_second_click_does_nothing(self, province, minh, leader):
        snapshot = signed(province, minh, leader)
        with pytest.raises(CannotGoOn):
            sign(snapshot, by=leader)
        lock(snapshot, by=leader)
        with pytest.raises(CannotGoOn):
            lock(snapshot, by=leader)

    def test_facts_that_change_after_the_check_stop_the_signing(self, province, minh, leader):
        snapshot = drawn(province, minh)
        check(snapshot, by=minh)
        person("Võ Thị An", province.school, Status.CLASS)
        with pytest.raises(FactsHaveChanged):
            sign(snapshot, by=leader)
        assert drawn(province, minh).pk == snapshot.pk

    def test_parts_that_do_not_sum_are_not_checked(self, province, minh):
        snapshot = drawn(province, minh)
        row = next(row for row in snapshot.content["units"] if row["code"] == "NA-SYT")
        row["all"]["nothing"] += 1
        snapshot.save()
        with pytest.raises(DoNotSum) as found:
            check(snapshot, by=minh)
        assert "NA-SYT" in found.value.where

    def test_parts_that_no_longer_sum_after_the_check_are_not_signed(self, province, minh, leader):
        snapshot = drawn(province, minh)
        check(snapshot, by=minh)
        snapshot.content["units"][0]["all"]["nothing"] += 1
        snapshot.save()
        with pytest.raises(DoNotSum) as found:
            sign(snapshot, by=leader)
        assert found.value.where == ["H41", ""]
        snapshot.refresh_from_db()
        assert (snapshot.state, snapshot.signed_by) == ("checked", None)

    def test_what_was_altered_after_the_check_is_not_signed(self, province, minh, leader):
        snapshot = drawn(province, minh)
        check(snapshot, by=minh)
        snapshot.content["unit_name"] = "Tỉnh khác"
        snapshot.save()
        with pytest.raises(FactsHaveChanged):
            sign(snapshot, by=leader)


class TestPartsOfTheYear:
    """Figures of a quarter: who was newly reached in it, beside everything since the year began."""

    @pytest.fixture
    def quarters(self, province):
        """Each of the four is reached in another quarter; Sen left in April."""
        for quarter, day in enumerate(("01-10", "04-10", "07-10", "10-10"), start=1):
            person(
                f"Quý {quarter}", province.school, Status.CLASS, date.fromisoformat(f"2026-{day}")
            )
        sen = person("Hồ Thị Sen", province.school, Status.OUTSIDE, date(2026, 2, 1))
        Post.objects.filter(person=sen).update(valid_to=date(2026, 4, 30))
        shopkeeper = Participation.objects.first().person
        participation(shopkeeper, ecommerce_class(), date(2026, 2, 2))
        return province

    def test_quarter_is_counted_as_by_hand(self, quarters, minh):
        school = quarters.school.pk
        content = [drawn(quarters, minh, school, part=f"quy-{n}").content for n in (1, 2, 3)]
        reached = [one["staff"].get("class", 0) + one["staff"].get("outside", 0) for one in content]
        new = [sum(one["window"]["staff"].values()) for one in content]
        assert (reached, new) == ([2, 2, 3], [2, 1, 1])
        assert [one["last_day"] for one in content] == ["2026-03-14", "2026-06-14", "2026-09-14"]
        assert [one["window"]["first_day"] for one in content] == [
            "2025-12-15",
            "2026-03-15",
            "2026-06-15",
        ]
        lots = [(one["participations"], len(one["window"]["participations"])) for one in content]
        assert lots == [(1, 1), (3, 2), (3, 0)]

    @pytest.mark.parametrize("part", ["quy-1", "6-thang-1", "thang-3"])
    def test_signed_part_gives_the_same_hash_when_counted_later(self, quarters, minh, leader, part):
        snapshot = signed(quarters, minh, leader, part=part)
        with time_machine.travel("2027-05-01T09:00:00+07:00", tick=False):
            forget_trees()
            person("Vào sau", quarters.school, Status.CLASS, date(2027, 4, 1))
            Post.objects.filter(person__full_name="Vào sau").update(valid_from=date(2027, 4, 1))
            Post.objects.filter(person__full_name="Quý 1").update(valid_to=date(2027, 1, 1))
            versions = OrganisationVersion.objects.filter(organisation=quarters.health)
            versions.update(valid_to=date(2027, 1, 31))
            forget_trees()
            assert drawn_today(snapshot).sha256 == snapshot.sha256
        forget_trees()

    def test_late_record_of_the_quarter_makes_a_restatement(self, quarters, minh, leader):
        first = signed(quarters, minh, leader, part="quy-1")
        with pytest.raises(NothingNew):
            drawn(quarters, minh, part="quy-1", reason="Kiểm tra lại")
        late = person("Võ Thị An", quarters.school, Status.CLASS, date(2026, 3, 14))
        again = signed(quarters, minh, leader, part="quy-1", reason="Hồ sơ đến muộn")
        assert (again.number, again.cut_off) == (2, date(2026, 3, 14))
        assert [(one.person, one.kind) for one in changes(first, drawn_today(again))] == [
            (late.pk, "joined")
        ]

    def test_evidence_that_moves_into_the_quarter_is_a_change(self, quarters, minh, leader):
        first = signed(quarters, minh, leader, part="quy-2")
        TrainingRecord.objects.filter(person__full_name="Quý 1").update(
            completed_on=date(2026, 4, 1)
        )
        [one] = changes(first, drawn_today(first))
        assert (one.before, one.after, one.kind) == ("class", "class", "other")

    def test_year_and_its_parts_are_numbered_apart(self, quarters, minh, leader):
        year = signed(quarters, minh, leader)
        quarter = signed(quarters, minh, leader, part="quy-1")
        of_unit = signed(quarters, minh, leader, quarters.school.pk, part="quy-1")
        assert [year.code, quarter.code, of_unit.code] == [
            "2026-NA-1",
            "2026-quy-1-NA-1",
            "2026-quy-1-NA-THPT-1",
        ]

    def test_year_is_written_as_before_there_were_parts(self, quarters, minh):
        snapshot = drawn(quarters, minh)
        assert "window" not in snapshot.content
        assert {len(row) for row in snapshot.people} == {3}
        assert {"new"} & snapshot.content["units"][0].keys() == set()

    @pytest.mark.parametrize("word", ["all", "own"])
    def test_newly_reached_that_do_not_sum_are_not_checked(self, quarters, minh, word):
        snapshot = drawn(quarters, minh, part="quy-1")
        row = next(row for row in snapshot.content["units"] if row["code"] == "NA-THPT")
        row["new"][word == "all"] += 1
        snapshot.save()
        with pytest.raises(DoNotSum) as found:
            check(snapshot, by=minh)
        assert "NA-THPT" in found.value.where

    def test_database_refuses_to_make_a_signed_quarter_another(self, quarters, minh, leader):
        snapshot = signed(quarters, minh, leader, part="quy-1")
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Snapshot.objects.filter(pk=snapshot.pk).update(part="quy-2")


class TestFinal:
    @pytest.mark.parametrize(
        ("column", "value"),
        [("content", {}), ("people", []), ("sha256", "x"), ("number", 7), ("state", "draft")],
    )
    def test_database_refuses_to_change_what_was_signed(
        self, province, minh, leader, column, value
    ):
        snapshot = signed(province, minh, leader)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Snapshot.objects.filter(pk=snapshot.pk).update(**{column: value})
        lock(snapshot, by=leader)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Snapshot.objects.filter(pk=snapshot.pk).update(state="signed")

    def test_database_refuses_to_remove_what_was_signed(self, province, minh, leader):
        snapshot = signed(province, minh, leader)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            snapshot.delete()
        drawn(province, minh, province.health.pk).delete()

    @pytest.mark.parametrize("state", ["signed", "locked"])
    def test_database_refuses_figures_that_come_in_signed(self, province, minh, state):
        draft = drawn(province, minh)
        draft.pk, draft.number, draft.state = None, 2, state
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            draft.save(force_insert=True)

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite replaces rows")
    @pytest.mark.parametrize("row_id", ["id", "NULL"])
    def test_database_refuses_to_replace_what_was_signed(self, province, minh, leader, row_id):
        snapshot = signed(province, minh, leader)
        columns = [f.column for f in Snapshot._meta.fields if f.column not in ("id", "state")]
        names = ", ".join(columns)
        with (
            pytest.raises(DatabaseError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                f"INSERT OR REPLACE INTO learners_snapshot (id, state, {names})"
                f" SELECT {row_id}, 'draft', {names} FROM learners_snapshot WHERE id = %s",
                [snapshot.pk],
            )

    def test_period_signed_in_2024_gives_the_same_hash_after_two_reorganisations(
        self, province, minh, leader
    ):
        with time_machine.travel("2024-12-14T09:00:00+07:00", tick=False):
            person("Hồ Thị Sen", province.hospital, Status.OUTSIDE, day=date(2024, 6, 1))
            period = ReportingPeriod.objects.get(year=2024)
            snapshot = draw_up(period=period, unit=None, by=minh)
            check(snapshot, by=minh)
            sign(snapshot, by=leader)
        for day in (date(2025, 3, 1), date(2025, 7, 1)):
            forget_trees()
            versions = OrganisationVersion.objects.filter(organisation=province.health)
            versions.filter(valid_to__isnull=True).update(valid_to=day)
        Post.objects.filter(managing_unit=province.hospital, valid_to__isnull=True).update(
            valid_to=date(2025, 6, 30)
        )
        newcomer = person("Lý Thị Mơ", province.school, Status.CLASS)
        Post.objects.filter(person=newcomer).update(valid_from=date(2026, 1, 1))
        forget_trees()
        assert drawn_today(snapshot).sha256 == snapshot.sha256
        assert snapshot.content["staff"]["outside"] == 1

    def test_rule_is_kept_with_the_hours_that_it_asks_for(self, province, minh):
        CountingRule.objects.filter(indicator=IndicatorCode.STAFF_TRAINED).update(minimum_hours=2)
        rules = {rule[0]: rule[3] for rule in drawn(province, minh).content["rules"]}
        assert rules[IndicatorCode.STAFF_TRAINED] == "2.0"

    def test_what_was_signed_before_the_hours_were_kept_has_its_hash_still(
        self, province, minh, leader, monkeypatch
    ):
        monkeypatch.setattr("learners.actions.snapshots.FORMAT", 1)
        snapshot = signed(province, minh, leader)
        monkeypatch.undo()
        assert {len(rule) for rule in snapshot.content["rules"]} == {3}
        assert drawn_today(snapshot).sha256 == snapshot.sha256
        with pytest.raises(NothingNew):
            drawn(province, minh, reason="Kiểm tra lại")


class TestRestatement:
    def test_late_participations_are_counted_apart(self, province, minh, leader, capsys):
        first = signed(province, minh, leader)
        shopkeeper = Participation.objects.first().person
        for _class in range(12):
            participation(shopkeeper, ecommerce_class())
        assert lots_changed(first, drawn_today(first)) == (12, 0)
        call_command("check_snapshots")
        assert "0 people stand otherwise, 12 participations added" in capsys.readouterr().out

    def test_late_record_makes_a_numbered_restatement(self, province, minh, leader):
        first = signed(province, minh, leader)
        with pytest.raises(NeedsReason):
            drawn(province, minh)
        with pytest.raises(NothingNew):
            drawn(province, minh, reason="Kiểm tra lại")
        late = TrainingRecord.objects.get(state="declared")
        TrainingRecord.objects.filter(pk=late.pk).update(state="approved")
        again = signed(province, minh, leader, reason="Duyệt bổ sung sau ngày chốt")
        assert (first.number, again.number, again.cut_off) == (1, 2, first.cut_off)
        (changed,) = changes(first, drawn_today(again))
        assert (changed.person, changed.before, changed.kind) == (
            late.person_id,
            "declared",
            "reached",
        )
        assert Snapshot.objects.final().count() == 2

    def test_command_tells_altered_figures_from_late_facts(
        self, province, minh, leader, capsys, monkeypatch
    ):
        signed(province, minh, leader)
        call_command("check_snapshots")
        assert "same hash" in capsys.readouterr().out
        person("Võ Thị An", province.school, Status.CLASS)
        call_command("check_snapshots")
        assert "1 people stand otherwise" in capsys.readouterr().out
        monkeypatch.setattr("learners.management.commands.check_snapshots.as_drawn", drawn_today)
        with pytest.raises(CommandError, match="2026-NA-1"):
            call_command("check_snapshots")


@pytest.mark.django_db(transaction=True)
def test_two_leaders_who_sign_at_once_give_one_signature():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time; an in-memory one serves one thread")
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, Status.CLASS)
    minh = viewer("minh", unit=found.province)
    leaders = [viewer(f"leader{n}", Role.LEADER, found.province) for n in range(4)]
    snapshot = draw_up(period=found.period, unit=None, by=minh)
    check(snapshot, by=minh)
    start = threading.Barrier(len(leaders))
    signatures: list[int] = []

    def press(by) -> None:
        mine = Snapshot.objects.get(pk=snapshot.pk)
        start.wait()
        try:
            sign(mine, by=by)
            signatures.append(by.pk)
        except CannotGoOn:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[by]) for by in leaders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    snapshot.refresh_from_db()
    assert signatures == [snapshot.signed_by_id]
    assert snapshot.state == SnapshotState.SIGNED
    said = AuditEntry.objects.filter(act=Act.FIGURES, after__state="signed")
    assert said.count() == 1
