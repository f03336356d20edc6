# Quizzes draw from banks; additive.

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0002_question_banks'),
    ]

    operations = [
        migrations.AddField(
            model_name='editionitem',
            name='closes_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='editionitem',
            name='draws',
            field=models.JSONField(default=list, help_text='Rules: QuizDraw.rule.'),
        ),
        migrations.AddField(
            model_name='editionitem',
            name='key_shown',
            field=models.CharField(choices=[('auto', 'After passing, or after the last attempt'), ('passed', 'After passing'), ('last', 'After the last attempt'), ('always', 'After every attempt'), ('never', 'Never')], default='auto', max_length=10),
        ),
        migrations.AddField(
            model_name='editionitem',
            name='shuffles',
            field=models.JSONField(default=dict, help_text='{"questions": bool, "choices": bool}'),
        ),
        migrations.AddField(
            model_name='editionitem',
            name='time_limit',
            field=models.PositiveIntegerField(help_text='Minutes.', null=True),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='closes_at',
            field=models.DateTimeField(blank=True, help_text='Empty: open without end.', null=True, verbose_name='closes on'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='key_shown',
            field=models.CharField(choices=[('auto', 'After passing, or after the last attempt'), ('passed', 'After passing'), ('last', 'After the last attempt'), ('always', 'After every attempt'), ('never', 'Never')], default='auto', max_length=10, verbose_name='right answers are shown'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='shuffle_choices',
            field=models.BooleanField(default=False, verbose_name='mix the choices'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='shuffle_questions',
            field=models.BooleanField(default=False, verbose_name='mix the questions'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='time_limit',
            field=models.PositiveIntegerField(blank=True, help_text='Empty: not timed. The server hands in when the time is over.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)], verbose_name='time limit (minutes)'),
        ),
        migrations.AlterField(
            model_name='quizpage',
            name='questions',
            field=wagtail.fields.StreamField([('question', 3)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('choice', 'One right choice'), ('multiple', 'Several right choices'), ('true_false', 'True or false'), ('short_answer', 'Short answer'), ('numerical', 'Number'), ('matching', 'Matching'), ('ordering', 'Putting in order'), ('gap_fill', 'Filling gaps'), ('essay', 'Essay, marked by hand')], 'help_text': 'Empty: choices, all or nothing.', 'label': 'Kind', 'required': False}), 1: ('wagtail.blocks.TextBlock', (), {'label': 'Question', 'rows': 2}), 2: ('wagtail.blocks.TextBlock', (), {'help_text': 'One a line; > begins the explanation, # on the next line answers whoever chose it, [50] gives half the mark. Choices: * right, - wrong. True or false: True. Short answer: each accepted text. Number: 3,14 ± 0,01. Matching: left => right. Putting in order: the right order. Filling gaps: The capital is {Vinh|Vinh city}, founded in {#1788} by {*Quang Trung/Gia Long}. Essay: guidance for the marker.', 'label': 'Choices or answers', 'rows': 6}), 3: ('wagtail.blocks.StructBlock', [[('kind', 0), ('stem', 1), ('choices', 2)]], {})}, verbose_name='questions'),
        ),
        migrations.CreateModel(
            name='QuizDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('count', models.PositiveIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='how many')),
                ('tag', models.CharField(blank=True, max_length=100, verbose_name='tag')),
                ('difficulty', models.CharField(blank=True, choices=[('easy', 'Easy'), ('medium', 'Medium'), ('hard', 'Hard')], max_length=10, verbose_name='difficulty')),
                ('framework', models.CharField(blank=True, help_text='“1.2” also draws “1.2.3”.', max_length=60, verbose_name='competence code')),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.questionbank', verbose_name='question bank')),
                ('category', models.ForeignKey(blank=True, help_text='With all categories below it. Empty: the whole bank.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.questioncategory', verbose_name='question category')),
                ('quiz', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='draws', to='courses.quizpage')),
            ],
            options={
                'verbose_name': 'draw',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
    ]
