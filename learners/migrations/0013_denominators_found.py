"""The words of before find their definition."""

from typing import Any

from django.db import migrations

OFFICIALS = "Cán bộ, công chức, viên chức"


def forward(apps: Any, schema_editor: Any) -> None:
    target = apps.get_model("learners", "Target")
    denominator = apps.get_model("learners", "Denominator")
    for words in target.objects.exclude(words="").values_list("words", flat=True).distinct():
        known = OFFICIALS if words.startswith(OFFICIALS) else words[:120]
        found, _created = denominator.objects.get_or_create(
            name=known, defaults={"sentence": words}
        )
        target.objects.filter(words=words).update(denominator=found)


def backward(apps: Any, schema_editor: Any) -> None:
    for target in apps.get_model("learners", "Target").objects.filter(denominator__isnull=False):
        target.words = target.denominator.sentence
        target.save(update_fields=["words"])


class Migration(migrations.Migration):
    dependencies = [("learners", "0012_denominators")]
    operations = [migrations.RunPython(forward, backward)]
