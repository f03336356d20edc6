import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0003_quiz_draws'),
    ]

    operations = [
        migrations.AddField(
            model_name='coursepage',
            name='completion',
            field=models.CharField(choices=[('everything', 'Every lesson read and every quiz passed'), ('quizzes', 'Every quiz passed; the lessons are free to read')], default='', help_text='What a learner has to do to complete the course.', max_length=12, verbose_name='completion rule'),
        ),
        migrations.AddField(
            model_name='editionitem',
            name='required',
            field=models.BooleanField(default=True, help_text='Counts towards completion.'),
        ),
        migrations.AlterField(
            model_name='coursepage',
            name='hours',
            field=models.DecimalField(decimal_places=1, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0.5)], verbose_name='hours'),
        ),
        migrations.CreateModel(
            name='LegalAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('number', models.CharField(blank=True, help_text='For example 116/2025/QH15.', max_length=60, verbose_name='number')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='in force from')),
                ('valid_to', models.DateField(blank=True, help_text='Empty while no end is known.', null=True, verbose_name='in force to')),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.legalact', verbose_name='replaced by')),
            ],
            options={
                'verbose_name': 'legal act',
                'verbose_name_plural': 'legal acts',
                'ordering': ['title', 'number'],
            },
        ),
        migrations.AddConstraint(
            model_name='legalact',
            constraint=models.UniqueConstraint(fields=('title', 'number'), name='one_legal_act_per_number'),
        ),
        migrations.AddConstraint(
            model_name='legalact',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='legal_act_ends_after_it_begins', violation_error_message='The act ends before it is in force.'),
        ),
        migrations.AddField(
            model_name='legalbasis',
            name='act',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.legalact', verbose_name='act'),
        ),
        migrations.AddField(
            model_name='lessonpage',
            name='legal_act',
            field=models.ForeignKey(blank=True, help_text='The act that this lesson explains. A report says when it expires.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.legalact', verbose_name='legal act'),
        ),
    ]
