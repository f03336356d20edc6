from typing import Any

from django.db import migrations, models
from django.db.models import F, Q

INDEX = models.Index(
    fields=["managing_unit", "using_unit"],
    condition=Q(is_main=True) & ~Q(using_unit=F("managing_unit")),
    name="seconded_posts",
)


def make_index(apps: Any, schema_editor: Any) -> None:
    """Nobody waits for it: the table of posts is large. Safe to repeat after a try that gave up."""
    post = apps.get_model("learners", "Post")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.remove_index(post, INDEX, concurrently=True)
        schema_editor.add_index(post, INDEX, concurrently=True)
    else:
        schema_editor.add_index(post, INDEX)


def drop_index(apps: Any, schema_editor: Any) -> None:
    schema_editor.remove_index(apps.get_model("learners", "Post"), INDEX)


class Migration(migrations.Migration):
    # Lists by using unit read these few posts alone.
    atomic = False

    dependencies = [
        ("learners", "0053_failures_of_sign_in"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make_index, drop_index)],
            state_operations=[migrations.AddIndex(model_name="post", index=INDEX)],
        ),
    ]
