"""The page tree that authors edit: catalogue > course > module > lesson or quiz."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.log_actions import log
from wagtail.models import Orderable, Page, Revision
from wagtail.search import index

from courses.blocks import LessonBody
from courses.choices import Audience, Completion, ItemKind, PackageRule, Topic
from courses.fields import AudiencesField
from courses.models.legal_acts import LegalAct
from courses.models.packages import Package
from courses.models.plan_tags import ServesPlan
from courses.page_forms import CourseForm
from courses.panels import ChecklistPanel
from courses.querysets import outline_sizes, with_sizes
from courses.readiness import CannotPublish, OutlineSize, Requirement, requirements, unmet
from courses.text import fold


class FoldedTitle(models.Model):
    """A title that is found without its marks, on any database."""

    title: str
    folded_title = models.CharField(max_length=600, editable=False, default="")

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.folded_title = fold(self.title)
        super().full_clean(*args, **kwargs)


class CatalogPage(Page):
    """The list of courses at /khoa-hoc/."""

    intro = models.TextField(_("introduction"), blank=True)

    max_count = 1
    subpage_types = ["courses.CoursePage"]
    template = "courses/catalog_page.html"
    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("course catalogue")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the courses that match the filters `q`, `chu-de` and `nhom`, by title."""
        query = request.GET.get("q", "").strip()[:100]
        topic, audience = request.GET.get("chu-de", ""), request.GET.get("nhom", "")
        courses = CoursePage.objects.live().public().child_of(self).select_related("cover")
        for word in fold(query).split():
            courses = courses.filter(folded_text__contains=word)
        if topic in Topic.values:
            courses = courses.filter(topic=topic)
        shown = [
            course
            for course in with_sizes(courses).prefetch_related("cover__renditions")
            if audience not in Audience.values or audience in course.audiences
        ]
        return {
            **super().get_context(request, *args, **kwargs),
            "courses": sorted(shown, key=lambda course: course.folded_title),
            "query": query,
            "topic": topic,
            "audience": audience,
            "topics": Topic.choices,
            "audiences": Audience.choices,
        }


class CoursePage(ServesPlan, FoldedTitle, Page):
    """The public face of a course; what is learnt lies in its modules."""

    summary = models.TextField(_("summary"), max_length=400)
    cover = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cover picture"),
    )
    gains = RichTextField(_("what it gives"), blank=True, features=["ul", "bold"])
    introduction = StreamField(
        LessonBody(required=False), verbose_name=_("introduction"), blank=True
    )
    topic = models.CharField(_("topic"), max_length=20, choices=Topic)
    audiences = AudiencesField(_("for whom"))
    hours = models.DecimalField(
        _("hours"),
        max_digits=5,
        decimal_places=1,
        # A draft may be saved without; nothing is published without (Model.full_clean).
        null=True,
        validators=[MinValueValidator(0.5)],
    )
    completion = models.CharField(
        _("completion rule"),
        max_length=12,
        choices=Completion,
        default="",
        help_text=_("What a learner has to do to complete the course."),
    )
    framework = models.CharField(_("skill framework"), max_length=120, blank=True)
    gives_certificate = models.BooleanField(_("gives a certificate"), default=True)
    folded_text = models.CharField(max_length=1200, editable=False, default="")

    parent_page_types = ["courses.CatalogPage"]
    subpage_types = ["courses.ModulePage"]
    template = "courses/course_page.html"
    base_form_class = CourseForm
    content_panels = [
        ChecklistPanel(heading=_("Before it can be published")),
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("cover"),
        FieldPanel("gains"),
        FieldPanel("introduction"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("topic"), FieldPanel("hours")]),
                FieldPanel("completion"),
                FieldPanel("audiences"),
                FieldPanel("framework"),
                FieldPanel("gives_certificate"),
                FieldPanel("tasks"),
                FieldPanel("solutions"),
                FieldPanel("city_fields"),
            ],
            heading=_("For the plan"),
        ),
        InlinePanel("legal_bases", heading=_("Legal basis"), label=_("act")),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("folded_title", boost=2),
        index.AutocompleteField("folded_title"),
        index.FilterField("topic"),
    ]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.folded_text = fold(f"{self.title} {self.summary}")
        super().full_clean(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the outline of the newest edition, by module."""
        edition = self.editions.order_by("-number").first()
        items = list(edition.items.defer("body", "questions")) if edition else []
        modules = [
            {"title": title, "items": list(group)}
            for title, group in groupby(items, key=attrgetter("module_title"))
        ]
        return {
            **super().get_context(request, *args, **kwargs),
            "outline": modules,
            "lesson_count": sum(item.kind == ItemKind.LESSON for item in items),
        }

    def requirements(self, outline: OutlineSize | None = None) -> list[Requirement]:
        """What the course needs before it can be published, met or not.

        `outline` spares a list of courses the query for each (courses.querysets.outline_sizes).
        """
        return requirements(
            topic=self.topic,
            hours=self.hours,
            audiences=self.audiences,
            completion=self.completion,
            legal_bases=len(self.legal_bases.all()),
            tasks=self.tasks,
            outline=outline or outline_sizes([self])[self.pk],
        )

    def publish(self, revision: Revision, **kwargs: Any) -> Any:
        """Publish or schedule a revision: the door of approvals, bulk actions and the clock.

        Raises CannotPublish while something is missing. A schedule that has become due cannot
        ask anybody: it is taken back and written to the course's history.
        """
        missing = unmet(revision.as_object().requirements())
        if not missing:
            return super().publish(revision, **kwargs)
        if revision.approved_go_live_at is None:
            raise CannotPublish(self.title, missing)
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
        log(self, "courses.schedule_cancelled", data={"missing": [str(r.label) for r in missing]})
        return None

    def audience_labels(self) -> list[str]:
        return [str(Audience(code).label) for code in self.audiences if code in Audience.values]


class LegalBasis(Orderable):
    """An act that a course rests on."""

    course = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="legal_bases")
    act = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, related_name="+", verbose_name=_("act")
    )

    panels = [FieldPanel("act")]

    class Meta(Orderable.Meta):
        verbose_name = _("legal basis")


class ModulePage(Page):
    """A part of a course; holds lessons and quizzes, has no text of its own."""

    parent_page_types = ["courses.CoursePage"]
    subpage_types = ["courses.LessonPage", "courses.QuizPage"]
    template = "courses/module_page.html"

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPage(FoldedTitle, Page):
    """One aim, a few minutes."""

    minutes = models.PositiveIntegerField(_("minutes"), default=10)
    body = StreamField(LessonBody(), verbose_name=_("body"))
    legal_act = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("legal act"),
        help_text=_("The act that this lesson explains. A report says when it expires."),
    )
    package = models.ForeignKey(
        Package,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("learning package"),
        help_text=_("SCORM or H5P."),
    )
    package_rule = models.CharField(
        _("the package is finished when"),
        max_length=10,
        choices=PackageRule,
        default=PackageRule.SAID,
        help_text=_("Try the package under “Learning packages” to see what each rule makes of it."),
    )
    package_score = models.PositiveSmallIntegerField(
        _("score asked for (per cent)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    parent_page_types = ["courses.ModulePage"]
    subpage_types: list[str] = []
    template = "courses/lesson_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("minutes"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("package"),
                FieldRowPanel([FieldPanel("package_rule"), FieldPanel("package_score")]),
            ],
            heading=_("Learning package"),
        ),
        FieldPanel("legal_act"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("folded_title", boost=2),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def clean(self) -> None:
        super().clean()
        if self.package_rule != PackageRule.SCORE:
            self.package_score = None
        elif self.package_score is None:
            raise ValidationError({"package_score": _("Say which score is asked for.")})
