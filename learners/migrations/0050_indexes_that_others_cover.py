import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("learners", "0048_author_role"),
    ]

    operations = [
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
    ]
