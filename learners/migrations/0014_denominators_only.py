from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("learners", "0013_denominators_found")]
    operations = [migrations.RemoveField("target", "words")]
