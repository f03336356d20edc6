# Banks of questions: additive.

import django.db.models.deletion
import taggit.managers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuestionBank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='short name')),
            ],
            options={
                'verbose_name': 'question bank',
                'verbose_name_plural': 'question banks',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='QuestionTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=100, unique=True, verbose_name='slug')),
            ],
            options={
                'verbose_name': 'question tag',
                'verbose_name_plural': 'question tags',
            },
        ),
        migrations.CreateModel(
            name='QuestionCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='courses.questionbank', verbose_name='question bank')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='courses.questioncategory', verbose_name='within')),
            ],
            options={
                'verbose_name': 'question category',
                'verbose_name_plural': 'question categories',
                'ordering': ['bank', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=255, verbose_name='name')),
                ('kind', models.CharField(choices=[('choice', 'One right choice'), ('multiple', 'Several right choices'), ('true_false', 'True or false'), ('short_answer', 'Short answer'), ('numerical', 'Number'), ('matching', 'Matching'), ('ordering', 'Putting in order'), ('gap_fill', 'Filling gaps'), ('essay', 'Essay, marked by hand')], max_length=20, verbose_name='kind')),
                ('content', models.JSONField(help_text='Frozen shape: courses.questions.', verbose_name='content')),
                ('difficulty', models.CharField(blank=True, choices=[('easy', 'Easy'), ('medium', 'Medium'), ('hard', 'Hard')], max_length=10, null=True, verbose_name='difficulty')),
                ('framework', models.CharField(blank=True, max_length=60, verbose_name='competence code')),
                ('external_id', models.CharField(blank=True, editable=False, max_length=255, verbose_name='number in the source')),
                ('source', models.CharField(blank=True, max_length=255, verbose_name='source')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('archived', models.BooleanField(default=False, verbose_name='no longer drawn')),
                ('folded_text', models.TextField(default='', editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed on')),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='courses.questionbank', verbose_name='question bank')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions', to='courses.questioncategory', verbose_name='question category')),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'ordering': ['bank', 'category__name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TaggedQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tagged', to='courses.question')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tagged', to='courses.questiontag')),
            ],
        ),
        migrations.AddField(
            model_name='question',
            name='tags',
            field=taggit.managers.TaggableManager(blank=True, help_text='A comma-separated list of tags.', through='courses.TaggedQuestion', to='courses.QuestionTag', verbose_name='tags'),
        ),
        migrations.AddConstraint(
            model_name='questioncategory',
            constraint=models.UniqueConstraint(fields=('bank', 'parent', 'name'), name='category_name_within_parent'),
        ),
        migrations.AddConstraint(
            model_name='questioncategory',
            constraint=models.UniqueConstraint(condition=models.Q(('parent__isnull', True)), fields=('bank', 'name'), name='category_name_at_the_top'),
        ),
        migrations.AddConstraint(
            model_name='taggedquestion',
            constraint=models.UniqueConstraint(fields=('tag', 'content_object'), name='question_tagged_once'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['bank', 'archived', 'kind'], name='question_drawn'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('bank', 'external_id'), name='external_id_once_per_bank'),
        ),
    ]
