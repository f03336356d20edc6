"""Whom a share is taken of becomes a named definition."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

class Migration(migrations.Migration):
    dependencies = [("learners", "0011_assignments")]

    operations = [
        migrations.CreateModel(
            name="Denominator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                (
                    "sentence",
                    models.CharField(
                        help_text="One sentence, printed under the share.",
                        max_length=255,
                        verbose_name="definition",
                    ),
                ),
                (
                    "with_contract",
                    models.BooleanField(default=False, verbose_name="contract staff too"),
                ),
                (
                    "with_part_time",
                    models.BooleanField(
                        default=False, verbose_name="part-time commune workers too"
                    ),
                ),
            ],
            options={
                "verbose_name": "definition of the denominator",
                "verbose_name_plural": "definitions of the denominator",
                "ordering": ["pk"],
            },
        ),
        migrations.RenameField("target", "denominator", "words"),
        migrations.AddField(
            "target",
            "denominator",
            models.ForeignKey(
                blank=True,
                help_text="Of the share of staff; empty for a target that is a plain count.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="learners.denominator",
                verbose_name="definition of the denominator",
            ),
        ),
        migrations.AddField(
            "target",
            "responsible",
            models.CharField(
                blank=True,
                help_text="The body that answers for the target, as it was called that year.",
                max_length=200,
                verbose_name="responsible",
            ),
        ),
        migrations.AddField(
            "countingrule",
            "minimum_hours",
            models.DecimalField(
                decimal_places=1,
                default=0,
                help_text=(
                    "Shorter training does not count towards the share of staff; 0: any length."
                ),
                max_digits=4,
                verbose_name="least hours",
            ),
        ),
        migrations.AddConstraint(
            "countingrule",
            models.CheckConstraint(
                condition=Q(("valid_to__isnull", True))
                | Q(("valid_to__gte", F("valid_from"))),
                name="rule_ends_after_start",
            ),
        ),
    ]
