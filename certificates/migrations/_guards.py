"""Triggers that keep the register append-only against whoever writes to the database.

They stand beside those of `_frozen`. On SQLite a change of a table builds another one, without its
triggers: a migration that alters one of these tables drops the guards first and makes them anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

CERTIFICATE, REGISTER = "certificates_certificate", "certificates_register"
DECISION, SIGNED = "certificates_decision", "certificates_signedpdf"
LIST, LINE = "certificates_issuelist", "certificates_issueline"
HAND_OVER = "certificates_handover"
GUARDED = (CERTIFICATE, REGISTER, DECISION, SIGNED, LIST, LINE, HAND_OVER)

DECIDED = (
    "number", "signed_on", "governing_body", "issuing_body", "place", "signer_title",
    "signer_name", "kind", "valid_months", "is_standing", "scan", "scan_type", "scan_sha256",
    "entered_at", "entered_by_id",
)  # fmt: skip
SIGNED_FILE = (
    "certificate_id", "file", "sha256", "signer", "issuer", "is_trusted", "signed_at", "is_ours",
    "kept_at", "kept_by_id",
)  # fmt: skip
SETTLED = ("issue_list_id", "person_id", "position", "state", "reason", "certificate_id")
LISTED = (
    "class_group_id", "state", "decision_id", "drawn_up_at", "drawn_up_by_id", "decided_at",
    "decided_by_id",
)  # fmt: skip
HANDED = ("certificate_id", "handed_on", "way", "received_by", "noted_at", "noted_by_id")

# SQLite alone: INSERT OR REPLACE removes what is in its way without asking a trigger of removals.
IN_THE_WAY = {
    CERTIFICATE: (
        "id = NEW.id", "serial = NEW.serial", "code = NEW.code",
        "register_id = NEW.register_id AND number = NEW.number",
        "replaced_by_id = NEW.replaced_by_id",
        "confirms_id = NEW.confirms_id AND state = 'valid' AND NEW.state = 'valid'",
        "renews_id = NEW.renews_id AND state = 'valid' AND NEW.state = 'valid'",
        "enrolment_id = NEW.enrolment_id AND state = 'valid' AND NEW.state = 'valid'"
        " AND confirms_id IS NULL AND renews_id IS NULL"
        " AND NEW.confirms_id IS NULL AND NEW.renews_id IS NULL",
        "person_id = NEW.person_id AND class_group_id = NEW.class_group_id AND state = 'valid'"
        " AND NEW.state = 'valid' AND confirms_id IS NULL AND renews_id IS NULL"
        " AND NEW.confirms_id IS NULL AND NEW.renews_id IS NULL",
    ),
    REGISTER: ("id = NEW.id", "kind = NEW.kind AND year = NEW.year"),
    DECISION: ("id = NEW.id", "number = NEW.number"),
    SIGNED: ("id = NEW.id", "certificate_id = NEW.certificate_id", "sha256 = NEW.sha256"),
    LIST: (
        "id = NEW.id", "decision_id = NEW.decision_id",
        "class_group_id = NEW.class_group_id AND state = 'draft' AND NEW.state = 'draft'",
    ),
    LINE: (
        "id = NEW.id", "certificate_id = NEW.certificate_id",
        "issue_list_id = NEW.issue_list_id AND person_id = NEW.person_id",
        "issue_list_id = NEW.issue_list_id AND position = NEW.position",
    ),
    HAND_OVER: (
        "id = NEW.id",
        "certificate_id = NEW.certificate_id AND revoked_at IS NULL AND NEW.revoked_at IS NULL",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Guard:
    table: str
    name: str
    event: str
    condition: str
    refusal: str


def _guards(differs: str) -> Iterator[Guard]:
    """What no row may suffer; `differs` is how the database compares where nothing may stand."""

    def changed(*columns: str) -> str:
        return "(" + " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in columns) + ")"

    yield Guard(
        CERTIFICATE,
        "moves_on_once",
        "UPDATE",
        # Valid, then withdrawn, then perhaps replaced; what was said about it stands.
        "OLD.state <> 'valid' AND ("
        + changed("state_reason", "state_act", "state_at", "state_by_id")
        + " OR NEW.state = 'valid' OR (OLD.state = 'replaced' AND "
        + changed("state", "replaced_by_id")
        + ") OR (NEW.state = 'withdrawn' AND "
        + changed("replaced_by_id")
        + "))",
        "a paper moves on once",
    )
    yield Guard(
        REGISTER,
        "only_grows",
        "UPDATE",
        f"{changed('kind', 'year', 'prefix')} OR NEW.last_number < OLD.last_number",
        "a register only grows",
    )
    yield Guard(
        REGISTER, "stays", "DELETE", "OLD.last_number > 0", "a register is never removed"
    )
    yield Guard(
        SIGNED, "never_changes", "UPDATE", changed(*SIGNED_FILE), "a signed paper is never changed"
    )
    yield Guard(SIGNED, "stays", "DELETE", "1 = 1", "a signed paper is never removed")
    yield Guard(
        LIST,
        "never_changes",
        "UPDATE",
        f"{changed('class_group_id', 'drawn_up_at', 'drawn_up_by_id')}"
        f" OR (OLD.state <> 'draft' AND {changed(*LISTED)})",
        "a list that was settled is never changed",
    )
    yield Guard(LIST, "stays", "DELETE", "1 = 1", "a list is never removed")
    yield Guard(
        LINE,
        "never_changes",
        "UPDATE",
        f"{changed('issue_list_id', 'person_id', 'position')}"
        f" OR (OLD.state <> 'eligible' AND {changed(*SETTLED)})",
        "a line that was settled is never changed",
    )
    yield Guard(LINE, "stays", "DELETE", "1 = 1", "a line is never removed")
    yield Guard(
        HAND_OVER,
        "never_changes",
        "UPDATE",
        f"{changed(*HANDED)}"
        f" OR (OLD.revoked_at IS NOT NULL AND {changed('revoked_at', 'revoked_by_id')})",
        "a hand-over is taken back, never changed",
    )
    yield Guard(HAND_OVER, "stays", "DELETE", "1 = 1", "a hand-over is never removed")


def make(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        statements = _for_postgresql()
    else:
        statements = _for_sqlite()
    for statement in statements:
        schema_editor.execute(statement, params=None)


def _for_postgresql() -> Iterator[str]:
    yield (
        "CREATE FUNCTION certificates_refused() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$"
    )
    for guard in _guards("IS DISTINCT FROM"):
        yield (
            f"CREATE TRIGGER {guard.table}_{guard.name} BEFORE {guard.event} ON {guard.table}"
            f" FOR EACH ROW WHEN ({guard.condition})"
            f" EXECUTE FUNCTION certificates_refused('{guard.refusal}')"
        )
    for table in GUARDED:
        yield (
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}"
            " EXECUTE FUNCTION certificates_refused('the register is never emptied')"
        )
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in DECIDED)
    yield (
        "CREATE FUNCTION certificates_decision_rests() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF ({changed}) AND EXISTS"
        f" (SELECT 1 FROM {CERTIFICATE} WHERE decision_id = OLD.id)"
        " THEN RAISE EXCEPTION 'a decision with papers is never changed'; END IF;"
        " RETURN NEW; END $$"
    )
    yield (
        f"CREATE TRIGGER {DECISION}_rests BEFORE UPDATE ON {DECISION}"
        " FOR EACH ROW EXECUTE FUNCTION certificates_decision_rests()"
    )


def _for_sqlite() -> Iterator[str]:
    for guard in _guards("IS NOT"):
        yield _trigger(guard)
    yield _trigger(
        Guard(CERTIFICATE, "stays", "DELETE", "1 = 1", "a certificate is never removed")
    )
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in DECIDED)
    yield _trigger(
        Guard(
            DECISION,
            "rests",
            "UPDATE",
            f"({changed}) AND EXISTS (SELECT 1 FROM {CERTIFICATE} WHERE decision_id = OLD.id)",
            "a decision with papers is never changed",
        )
    )
    for table, ways in IN_THE_WAY.items():
        for at, way in enumerate(ways):
            condition = f"EXISTS (SELECT 1 FROM {table} WHERE {way})"
            refusal = "a row of the register is never replaced"
            yield _trigger(Guard(table, f"not_replaced_{at}", "INSERT", condition, refusal))


def _trigger(guard: Guard) -> str:
    return (
        f"CREATE TRIGGER {guard.table}_{guard.name} BEFORE {guard.event} ON {guard.table}"
        f" WHEN {guard.condition} BEGIN SELECT RAISE(ABORT, '{guard.refusal}'); END"
    )


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION certificates_refused() CASCADE")
        schema_editor.execute("DROP FUNCTION certificates_decision_rests() CASCADE")
        return
    names = [f"{guard.table}_{guard.name}" for guard in _guards("IS NOT")]
    names += [f"{CERTIFICATE}_stays", f"{DECISION}_rests"]
    names += [
        f"{table}_not_replaced_{at}" for table, ways in IN_THE_WAY.items() for at in range(len(ways))
    ]
    for name in names:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
