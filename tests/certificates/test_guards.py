"""The register against whoever writes to the database: every way round is refused by it."""

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from certificates.actions.hand_over import hand_over, take_back_hand_over
from certificates.actions.lists import discard, draw_up, issue_by_list
from certificates.actions.signatures import import_batch, unsigned_pdf
from certificates.actions.withdrawal import replace, withdraw
from certificates.choices import HandOverWay
from certificates.models import Certificate, Decision, HandOver, IssueLine, Register, SignedPdf
from certificates.signing import sign
from learners.models import Person
from tests.factories.certificates import decided_list, finished_class, keeper, standing_decision
from tests.factories.signatures import signer

pytestmark = pytest.mark.django_db

WHY = {"reason": "Sai họ tên", "act": "9/QĐ", "by": None}
TABLES = (
    "certificate", "register", "decision", "signedpdf", "issuelist", "issueline", "handover",
)  # fmt: skip


@pytest.fixture
def papers():
    """Two papers of a class, the first signed and handed over."""
    issue_by_list(decided_list("Nguyễn Thị Hoa", "Phan Thị Lan").pk)
    first, second = Certificate.objects.order_by("number")
    signed = sign(unsigned_pdf(first), signer())
    import_batch([(f"{first.serial}.pdf", signed)], [first], by=keeper())
    hand_over(certificates=[first], day=first.issued_on, way=HandOverWay.IN_PERSON, by=keeper())
    return first, second


def refused(sql, *values, says="never|once|only grows|taken back"):
    """As somebody at the database's own console would write."""
    with pytest.raises(DatabaseError, match=says), transaction.atomic():
        written(sql, *values)


def written(sql, *values):
    connection.check_constraints()  # what the test itself wrote is settled first
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    # A foreign key that holds a row speaks at the end of the transaction.
    connection.check_constraints()


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_removed(papers, table):
    with pytest.raises(DatabaseError), transaction.atomic():
        written(f"DELETE FROM certificates_{table}")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_emptied(papers, table):
    refused(f"TRUNCATE certificates_{table} CASCADE", says="never emptied")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows no REPLACE")
@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_replaced_by_another(papers, table):
    refused(f"INSERT OR REPLACE INTO certificates_{table} SELECT * FROM certificates_{table}")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows no REPLACE")
def test_no_paper_is_replaced_through_one_of_its_other_keys(papers):
    columns = [field.column for field in Certificate._meta.concrete_fields if not field.primary_key]
    for kept in ("serial", "code", "number"):
        copied = [
            column if column in (kept, "register_id") or column not in ("serial", "code", "number")
            else {"serial": "'X-9'", "code": "'X9'", "number": "999"}[column]
            for column in columns
        ]  # fmt: skip
        refused(
            f"INSERT OR REPLACE INTO certificates_certificate ({', '.join(columns)})"
            f" SELECT {', '.join(copied)} FROM certificates_certificate LIMIT 1"
        )
    assert Certificate.objects.count() == 2


class TestState:
    def test_withdrawn_paper_is_not_made_valid_again(self, papers):
        withdraw(certificate=papers[0], **WHY | {"by": keeper()})
        table = "UPDATE certificates_certificate SET"
        refused(f"{table} state = 'valid' WHERE id = %s", papers[0].pk)
        refused(f"{table} state_reason = 'khác' WHERE id = %s", papers[0].pk)
        refused(f"{table} state_act = 'khác' WHERE id = %s", papers[0].pk)
        refused(f"{table} replaced_by_id = %s WHERE id = %s", papers[1].pk, papers[0].pk)

    def test_replaced_paper_keeps_its_successor(self, papers):
        Person.objects.filter(full_name="Nguyễn Thị Hoa").update(full_name="Nguyễn Thị Hòa")
        new = replace(certificate=papers[0], **WHY | {"by": keeper()})
        assert new.number == 3
        table = "UPDATE certificates_certificate SET"
        refused(f"{table} replaced_by_id = %s WHERE id = %s", papers[1].pk, papers[0].pk)
        refused(f"{table} state = 'withdrawn' WHERE id = %s", papers[0].pk)

    def test_through_the_models_it_is_refused_as_well(self, papers):
        withdraw(certificate=papers[0], **WHY | {"by": keeper()})
        with pytest.raises(DatabaseError), transaction.atomic():
            Certificate.objects.update(state="valid", state_reason="")


@pytest.mark.parametrize(
    "change", ["last_number = 1", "last_number = 0", "prefix = 'XX'", "year = 1999", "kind = 'x'"]
)
def test_register_only_grows(papers, change):
    refused(f"UPDATE certificates_register SET {change}")
    assert Register.objects.get().last_number == 2


@pytest.mark.parametrize("column", ["sha256", "signer", "file", "is_trusted"])
def test_signed_paper_is_not_changed(papers, column):
    value = not SignedPdf.objects.get().is_trusted if column == "is_trusted" else "x"
    refused(f"UPDATE certificates_signedpdf SET {column} = %s", value)


def test_settled_lines_and_lists_are_not_changed(papers):
    for change in (
        "reason = 'x'",
        "position = 9",
        "state = 'refused'",
        "person_id = person_id + 1",
    ):
        refused(f"UPDATE certificates_issueline SET {change}")
    for change in ("state = 'draft'", "decision_id = NULL", "drawn_up_by_id = NULL"):
        refused(f"UPDATE certificates_issuelist SET {change}")
    assert set(IssueLine.objects.values_list("state", flat=True)) == {"issued"}


def test_list_that_was_put_aside_stays_aside():
    drawn = draw_up(group=finished_class("Nguyễn Thị Hoa"), by=keeper())
    discard(drawn)
    refused("UPDATE certificates_issuelist SET state = 'draft'")


def test_hand_over_is_taken_back_once_and_never_changed(papers):
    refused("UPDATE certificates_handover SET received_by = 'Trần Văn Minh'")
    assert take_back_hand_over(certificate=papers[0], by=keeper())
    refused("UPDATE certificates_handover SET revoked_at = NULL")
    assert HandOver.objects.get().revoked_by == keeper()


class TestDecision:
    WORDS = {
        "number": "99/QĐ", "signed_on": "2020-01-01", "governing_body": "", "issuing_body": "Khác",
        "signer_title": "KHÁC", "signer_name": "Khác", "place": "Khác",
    }  # fmt: skip

    @pytest.fixture
    def admin(self, client):
        client.force_login(get_user_model().objects.create_superuser("quantri", password="x"))
        return client

    @pytest.mark.parametrize("column", ["number", "signer_name", "issuing_body", "kind"])
    def test_database_refuses_to_change_one_with_papers(self, papers, column):
        refused(f"UPDATE certificates_decision SET {column} = 'x'")

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL always heeds keys")
    def test_one_with_papers_stays_though_a_console_heeds_no_foreign_keys(self, papers):
        # Nothing is asked at the end of the transaction: the row itself has to refuse.
        with pytest.raises(DatabaseError, match="never removed"), transaction.atomic():
            connection.cursor().execute("DELETE FROM certificates_decision")

    def test_one_without_papers_may_be_corrected(self):
        standing_decision()
        assert Decision.objects.update(signer_name="Lê Thị Mẫu") == 1

    def test_form_lets_its_end_be_set_and_nothing_else(self, papers, admin):
        decision = Decision.objects.get()
        address = reverse("decisions:edit", args=[decision.pk])
        assert "không sửa được nữa" in admin.get(address).content.decode()
        sent = admin.post(address, self.WORDS | {"valid_to": "2099-12-31", "is_standing": "on"})
        assert sent.status_code == 302
        after = Decision.objects.get()
        assert (after.number, after.signer_name) == (decision.number, decision.signer_name)
        assert (after.is_standing, f"{after.valid_to}") == (False, "2099-12-31")

    def test_one_with_papers_is_not_deleted(self, papers, admin):
        address = reverse("decisions:delete", args=[Decision.objects.get().pk])
        page = admin.post(address, follow=True)
        assert (page.status_code, Decision.objects.count()) == (200, 1)
        assert "không xóa được" in page.content.decode()
