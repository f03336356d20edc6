"""Signed figures may be of a part of the year. What was signed before is of whole years."""

from importlib import import_module
from typing import Any

from django.db import migrations, models


def guard_again(apps: Any, schema_editor: Any) -> None:
    """On the way back SQLite builds the table anew, without its triggers; 0039 made those of then."""
    if schema_editor.connection.vendor != "postgresql":
        for name in (
            "0022_signed_figures_are_final",
            "0037_signed_figures_are_neither_removed_nor_slipped_in",
        ):
            import_module(f"learners.migrations.{name}").forward(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('learners', '0037_signed_figures_are_neither_removed_nor_slipped_in'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.RemoveConstraint(
            model_name='snapshot',
            name='snapshots_of_a_unit_are_numbered',
        ),
        migrations.RemoveConstraint(
            model_name='snapshot',
            name='snapshots_of_the_province_are_numbered',
        ),
        migrations.AddField(
            model_name='snapshot',
            name='part',
            field=models.CharField(blank=True, db_default='', default='', help_text='Of learners.periods.MONTHS_OF; empty: the whole administrative year.', max_length=12, verbose_name='part of the year'),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='people',
            field=models.JSONField(help_text='[[person, unit, status, …]] behind the figures.'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(fields=('period', 'unit', 'part', 'number'), name='snapshots_of_a_unit_are_numbered'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(condition=models.Q(('unit__isnull', True)), fields=('period', 'part', 'number'), name='snapshots_of_the_province_are_numbered'),
        ),
    ]
