"""The trigger that refuses changes of what was printed.

On SQLite a change of the table builds another one, without its triggers: so a migration that
alters certificates drops the trigger first and makes it anew afterwards.
"""

from collections.abc import Callable, Sequence
from typing import Any

TABLE = "certificates_certificate"
REFUSAL = "a certificate is never changed"


def make(columns: Sequence[str]) -> Callable[[Any, Any], None]:
    """A migration step that freezes these columns."""

    def step(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)
            schema_editor.execute(
                f"""CREATE FUNCTION {TABLE}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF TG_OP = 'DELETE' OR {changed} THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
                  RETURN NEW;
                END $$"""
            )
            schema_editor.execute(
                f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE OR DELETE ON {TABLE}"
                f" FOR EACH ROW EXECUTE FUNCTION {TABLE}_frozen()"
            )
        else:
            changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
            schema_editor.execute(
                f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} WHEN {changed}"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )

    return step


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_frozen ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_frozen")
    else:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_frozen")
