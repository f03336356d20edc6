from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learners", "0003_versions")]

    operations = [
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("is_it_officer", True)),
                fields=["managing_unit"],
                name="it_officers",
            ),
        ),
    ]
