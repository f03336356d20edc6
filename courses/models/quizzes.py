"""Quizzes: questions typed into the page, others drawn from banks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page

from courses.blocks import QuestionBlock
from courses.choices import Difficulty, KeyShown
from courses.models.questions import Question, QuestionBank, QuestionCategory


class QuizForm(WagtailAdminPageForm):
    """Refuses a quiz that asks nothing. A draft may still be incomplete."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        draws = self.formsets["draws"].forms if "draws" in self.formsets else []
        drawn = [form for form in draws if form.has_changed() or form.instance.pk]
        kept = [form for form in drawn if not form.data.get(f"{form.prefix}-DELETE")]
        if not self.defer_required_fields and not data.get("questions") and not kept:
            self.add_error(
                "questions", _("The quiz asks nothing. Write a question or draw some from a bank.")
            )
        return data


class QuizPage(Page):
    """Questions with a pass mark."""

    minutes = models.PositiveIntegerField(_("minutes"), default=10)
    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic"])
    pass_mark = models.PositiveIntegerField(
        _("pass mark (%)"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    attempts_allowed = models.PositiveIntegerField(
        _("attempts allowed"),
        null=True,
        blank=True,
        help_text=_("Empty: as many as needed."),
    )
    questions = StreamField(
        [("question", QuestionBlock())],
        verbose_name=_("questions"),
        blank=True,
        max_num=100,
    )
    shuffle_questions = models.BooleanField(_("mix the questions"), default=False)
    shuffle_choices = models.BooleanField(_("mix the choices"), default=False)
    time_limit = models.PositiveIntegerField(
        _("time limit (minutes)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text=_("Empty: not timed. The server hands in when the time is over."),
    )
    closes_at = models.DateTimeField(
        _("closes on"), null=True, blank=True, help_text=_("Empty: open without end.")
    )
    key_shown = models.CharField(
        _("right answers are shown"), max_length=10, choices=KeyShown, default=KeyShown.AUTO
    )

    parent_page_types = ["courses.ModulePage"]
    subpage_types: list[str] = []
    template = "courses/quiz_page.html"
    base_form_class = QuizForm
    content_panels = [
        *Page.content_panels,
        FieldRowPanel(
            [
                FieldPanel("minutes"),
                FieldPanel("pass_mark"),
                FieldPanel("attempts_allowed"),
            ]
        ),
        FieldRowPanel([FieldPanel("time_limit"), FieldPanel("closes_at"), FieldPanel("key_shown")]),
        FieldRowPanel([FieldPanel("shuffle_questions"), FieldPanel("shuffle_choices")]),
        FieldPanel("intro"),
        FieldPanel("questions"),
        InlinePanel("draws", heading=_("Drawn from question banks"), label=_("Draw")),
    ]

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")


class QuizDraw(Orderable):
    """A rule: so many questions at random from a bank, with what narrows it."""

    quiz = ParentalKey(QuizPage, on_delete=models.CASCADE, related_name="draws")
    count = models.PositiveIntegerField(
        _("how many"), default=5, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    bank = models.ForeignKey(
        QuestionBank,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("question bank"),
    )
    category = models.ForeignKey(
        QuestionCategory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("question category"),
        help_text=_("With all categories below it. Empty: the whole bank."),
    )
    tag = models.CharField(_("tag"), max_length=100, blank=True)
    difficulty = models.CharField(_("difficulty"), max_length=10, choices=Difficulty, blank=True)
    framework = models.CharField(
        _("competence code"),
        max_length=60,
        blank=True,
        help_text=_("“1.2” also draws “1.2.3”."),
    )

    panels = [
        FieldRowPanel([FieldPanel("count"), FieldPanel("bank"), FieldPanel("category")]),
        FieldRowPanel([FieldPanel("tag"), FieldPanel("difficulty"), FieldPanel("framework")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("draw")

    def clean(self) -> None:
        if self.category is not None and self.category.bank_id != self.bank_id:
            raise ValidationError({"category": _("This category belongs to another bank.")})
        if self.bank_id and (found := Question.objects.drawn_by(self.rule()).count()) < self.count:
            raise ValidationError(
                {
                    "count": _("The bank has only %(found)d such questions. Ask for fewer.")
                    % {"found": found}
                }
            )

    def rule(self) -> dict:
        """The rule in the frozen shape of EditionItem.draws; what is empty is left out."""
        rule = {
            "count": self.count,
            "bank": self.bank_id,
            "category": self.category_id,
            "tag": self.tag,
            "difficulty": self.difficulty,
            "framework": self.framework,
        }
        return {key: value for key, value in rule.items() if value}
