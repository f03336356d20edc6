"""What was done is written down in a chain; whoever tampers with it shows."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from learners.actions.audit import first_broken, note
from learners.choices import Act
from learners.models import AuditEntry, User

WRITERS = 16


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root")


def written(root, count: int = 3) -> list[AuditEntry]:
    return [
        note(Act.ACCOUNT, f"account {n}", by=root, after={"step": "mở"}, why="Thử")
        for n in range(count)
    ]


def forged(root) -> AuditEntry:
    return AuditEntry(number=4, at=timezone.now(), by=root, act=Act.ACCOUNT, about="account 9")


def test_chain_holds(root, capsys):
    written(root)
    assert first_broken() is None
    call_command("verify_audit_log")
    assert f"the last is 3: {AuditEntry.objects.first().sha256}" in capsys.readouterr().out


def test_empty_log_holds(db):
    assert first_broken() is None


def test_what_is_taken_back_leaves_no_entry(root):
    with transaction.atomic():
        written(root, 1)
        transaction.set_rollback(True)
    written(root, 1)
    assert (AuditEntry.objects.get().number, first_broken()) == (1, None)


def test_database_refuses_to_change_an_entry(root):
    written(root)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AuditEntry.objects.filter(number=2).update(why="khác")


def test_forged_entry_shows(root):
    written(root)
    entry = forged(root)
    entry.sha256 = entry.hash_after("")
    entry.save(force_insert=True)
    assert first_broken() == 4
    with pytest.raises(CommandError, match="entry 4"):
        call_command("verify_audit_log")


@pytest.mark.skipif(
    connection.vendor == "postgresql", reason="PostgreSQL refuses to remove an entry at all"
)
@pytest.mark.parametrize(("removed", "broken"), [(1, 1), (2, 2), (3, 3)])
def test_missing_entry_shows(root, removed, broken):
    written(root)
    AuditEntry.objects.filter(number=removed).delete()
    assert first_broken() == broken


@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="threads of a test share no SQLite in memory; its writers queue by themselves",
)
@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_make_one_chain():
    root = User.objects.create_superuser("root")

    def work(_number: int) -> None:
        try:
            written(root, 2)
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(work, range(WRITERS)))
    numbers = AuditEntry.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 2 * WRITERS + 1))
    assert first_broken() is None
