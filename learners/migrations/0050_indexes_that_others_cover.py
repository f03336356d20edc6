from typing import Any

import django.db.models.deletion
from django.db import migrations, models

COVERED = (
    ("personalnumber", "person"),
    ("post", "managing_unit"),
    ("staffimportrow", "run"),
    ("standing", "period"),
)


def _places(apps: Any) -> Any:
    for model_name, field_name in COVERED:
        model = apps.get_model("learners", model_name)
        yield model, model._meta.get_field(field_name)


def drop_indexes(apps: Any, schema_editor: Any) -> None:
    """The indexes alone. A field that is altered as usual loses its foreign key too and gets it
    anew, for which every row of these large tables is read while nobody may touch them."""
    for model, field in _places(apps):
        of_meta = {index.name for index in model._meta.indexes}
        names = schema_editor._constraint_names(
            model, [field.column], index=True, type_=models.Index.suffix, exclude=of_meta
        )
        for name in names:
            schema_editor.execute(schema_editor._delete_index_sql(model, name))


def make_indexes(apps: Any, schema_editor: Any) -> None:
    for model, field in _places(apps):
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))


class Migration(migrations.Migration):
    dependencies = [
        ("learners", "0048_author_role"),
    ]

    operations = [
        migrations.RunPython(drop_indexes, make_indexes),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="personalnumber",
                    name="person",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="personal_numbers",
                        to="learners.person",
                    ),
                ),
                migrations.AlterField(
                    model_name="post",
                    name="managing_unit",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="learners.organisation",
                        verbose_name="managing unit",
                    ),
                ),
                migrations.AlterField(
                    model_name="staffimportrow",
                    name="run",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="learners.staffimport",
                    ),
                ),
                migrations.AlterField(
                    model_name="standing",
                    name="period",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="learners.reportingperiod",
                    ),
                ),
            ],
        ),
    ]
