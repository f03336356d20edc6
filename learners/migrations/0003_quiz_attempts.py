# Attempts keep their questions and marks; additive.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0003_quiz_draws'),
        ('learners', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ManualMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveSmallIntegerField(help_text='Of the question within the attempt.')),
                ('percent', models.PositiveSmallIntegerField(verbose_name='mark (0 to 100)')),
                ('comment', models.TextField(blank=True, verbose_name='comment')),
                ('marked_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Remarking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(help_text='The question within the quiz: courses.draws.', max_length=40)),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('reason', models.CharField(max_length=400, verbose_name='reason')),
                ('done_at', models.DateTimeField(auto_now_add=True)),
                ('changes', models.JSONField(default=list, help_text='[{"attempt", "score", "new_score", "passed"}]')),
            ],
            options={
                'verbose_name': 're-marking',
                'ordering': ['-pk'],
            },
        ),
        migrations.AlterModelOptions(
            name='attempt',
            options={'ordering': ['number'], 'verbose_name': 'attempt', 'verbose_name_plural': 'attempts'},
        ),
        migrations.AddField(
            model_name='attempt',
            name='due_at',
            field=models.DateTimeField(blank=True, help_text='End of the time limit.', null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='entered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attempt',
            name='entry_reason',
            field=models.CharField(blank=True, max_length=400, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='entry_source',
            field=models.CharField(blank=True, max_length=200, verbose_name='paper'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='marks',
            field=models.JSONField(default=list, help_text='A fraction as text for each question, "" for one not marked yet.'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='questions',
            field=models.JSONField(default=list, help_text="Questions in their order; empty: those of the edition's item."),
        ),
        migrations.AddField(
            model_name='attempt',
            name='waiting',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, help_text='Answers that a person has still to mark.'),
        ),
        migrations.AlterField(
            model_name='attempt',
            name='answers',
            field=models.JSONField(default=dict, help_text='{"question index": answer}'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('entered_by__isnull', True), models.Q(('entry_reason', ''), _negated=True), _connector='OR'), name='entered_result_has_a_reason'),
        ),
        migrations.AddField(
            model_name='manualmark',
            name='attempt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='manual_marks', to='learners.attempt'),
        ),
        migrations.AddField(
            model_name='manualmark',
            name='marked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remarking',
            name='done_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remarking',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.editionitem'),
        ),
        migrations.AddConstraint(
            model_name='manualmark',
            constraint=models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='manual_mark_at_most_100'),
        ),
    ]
