"""The page tree that authors edit: catalogue > course > module > lesson or quiz."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from courses.blocks import LessonBody
from courses.choices import Audience, ItemKind, Topic
from courses.fields import AudiencesField
from courses.querysets import with_sizes
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


class CoursePage(FoldedTitle, Page):
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
        _("hours"), max_digits=5, decimal_places=1, validators=[MinValueValidator(0.5)]
    )
    framework = models.CharField(_("skill framework"), max_length=120, blank=True)
    gives_certificate = models.BooleanField(_("gives a certificate"), default=True)
    folded_text = models.CharField(max_length=1200, editable=False, default="")

    parent_page_types = ["courses.CatalogPage"]
    subpage_types = ["courses.ModulePage"]
    template = "courses/course_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("cover"),
        FieldPanel("gains"),
        FieldPanel("introduction"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("topic"), FieldPanel("hours")]),
                FieldPanel("audiences"),
                FieldPanel("framework"),
                FieldPanel("gives_certificate"),
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

    def audience_labels(self) -> list[str]:
        return [str(Audience(code).label) for code in self.audiences if code in Audience.values]


class LegalBasis(Orderable):
    """An act that a course rests on, with the days on which it is in force."""

    course = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="legal_bases")
    title = models.CharField(_("act"), max_length=255)
    number = models.CharField(_("number"), max_length=60, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force to"), null=True, blank=True)

    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("number"), FieldPanel("valid_from"), FieldPanel("valid_to")]),
    ]

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

    parent_page_types = ["courses.ModulePage"]
    subpage_types: list[str] = []
    template = "courses/lesson_page.html"
    content_panels = [*Page.content_panels, FieldPanel("minutes"), FieldPanel("body")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("folded_title", boost=2),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
