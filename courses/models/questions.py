"""Banks: questions kept apart from any course, to be drawn into quizzes."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase

from courses.choices import Difficulty, QuestionKind
from courses.querysets import Questions
from courses.questions import QuestionError, clean_html, validate
from courses.text import fold, nfc


class QuestionBank(models.Model):
    """A collection that one office answers for."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class QuestionCategory(models.Model):
    """A heading of a bank; headings lie within headings."""

    bank = models.ForeignKey(
        QuestionBank,
        on_delete=models.CASCADE,
        related_name="categories",
        verbose_name=_("question bank"),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("within"),
    )
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("question category")
        verbose_name_plural = _("question categories")
        ordering = ["bank", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "parent", "name"], name="category_name_within_parent"
            ),
            # NULLs are distinct to the constraint above.
            models.UniqueConstraint(
                fields=["bank", "name"],
                condition=Q(parent__isnull=True),
                name="category_name_at_the_top",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuses a parent of another bank, and one that lies below this category."""
        if self.parent is None:
            return
        if self.parent.bank_id != self.bank_id:
            raise ValidationError({"parent": _("This category belongs to another bank.")})
        if self.pk and self.parent_id in self.with_below():
            raise ValidationError({"parent": _("A category cannot lie within itself.")})

    def path(self) -> tuple[str, ...]:
        """Names from the top of the bank down to this one."""
        above = self.parent.path() if self.parent else ()
        return (*above, self.name)

    def with_below(self) -> set[int]:
        """Ids of this category and of all below it. One query."""
        below: dict[int | None, list[int]] = defaultdict(list)
        rows = QuestionCategory.objects.filter(bank=self.bank_id).order_by()
        for pk, parent in rows.values_list("pk", "parent_id"):
            below[parent].append(pk)
        found, waiting = set(), [self.pk]
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting += below[here]
        return found


class QuestionTag(TagBase):
    """A word put on questions; apart from the tags of pictures and files."""

    free_tagging = True

    class Meta:
        verbose_name = _("question tag")
        verbose_name_plural = _("question tags")


class TaggedQuestion(ItemBase):
    tag = models.ForeignKey(QuestionTag, on_delete=models.CASCADE, related_name="tagged")
    content_object = models.ForeignKey(
        "courses.Question", on_delete=models.CASCADE, related_name="tagged"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tag", "content_object"], name="question_tagged_once")
        ]


class Question(models.Model):
    """One question of a bank, in the frozen shape of courses.questions.

    An attempt holds its own copy, so a change here reaches nobody who has begun.
    """

    bank = models.ForeignKey(
        QuestionBank,
        on_delete=models.PROTECT,
        related_name="questions",
        verbose_name=_("question bank"),
    )
    category = models.ForeignKey(
        QuestionCategory,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("question category"),
    )
    name = models.CharField(_("name"), max_length=255, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=QuestionKind)
    content = models.JSONField(_("content"), help_text="Frozen shape: courses.questions.")
    tags = TaggableManager(through=TaggedQuestion, blank=True, verbose_name=_("tags"))
    difficulty = models.CharField(
        _("difficulty"), max_length=10, choices=Difficulty, null=True, blank=True
    )
    framework = models.CharField(_("competence code"), max_length=60, blank=True)
    external_id = models.CharField(
        _("number in the source"), max_length=255, blank=True, editable=False
    )
    source = models.CharField(_("source"), max_length=255, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    archived = models.BooleanField(_("no longer drawn"), default=False)
    folded_text = models.TextField(editable=False, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(_("changed on"), auto_now=True)

    objects = Questions.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["bank", "category__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "external_id"],
                condition=~Q(external_id=""),
                name="external_id_once_per_bank",
            )
        ]
        indexes = [models.Index(fields=["bank", "archived", "kind"], name="question_drawn")]

    def __str__(self) -> str:
        return self.name or self.content.get("stem", "")[:120]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps kind and the searchable text in step; bulk writers call `settle` themselves."""
        self.settle()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "kind", "folded_text", "updated_at"}
        super().save(*args, **kwargs)

    def settle(self) -> None:
        """Derive what is derived from the content: kind, name if none, searchable text.

        HTML is sanitised here, so that whatever a bank holds may be shown as it is.
        """
        self.kind = self.content["kind"]
        self.content["stem_html"] = clean_html(self.content.get("stem_html") or "")
        stem = nfc(self.content.get("stem", ""))
        self.name = nfc(self.name) or stem[:120].rstrip()
        self.folded_text = fold(f"{self.name} {stem} {self.content.get('explanation', '')}")

    def clean(self) -> None:
        """Refuses a question that cannot be asked, and a category of another bank."""
        try:
            validate(self.content)
        except QuestionError as error:
            raise error.as_validation_error() from error
        if self.category is not None and self.category.bank_id != self.bank_id:
            raise ValidationError({"category": _("This category belongs to another bank.")})
