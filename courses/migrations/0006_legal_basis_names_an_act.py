import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0005_courses_as_they_were'),
    ]

    operations = [
        migrations.AlterField(
            model_name='legalbasis',
            name='act',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.legalact', verbose_name='act'),
        ),
        migrations.RemoveField(model_name='legalbasis', name='title'),
        migrations.RemoveField(model_name='legalbasis', name='number'),
        migrations.RemoveField(model_name='legalbasis', name='valid_from'),
        migrations.RemoveField(model_name='legalbasis', name='valid_to'),
    ]
