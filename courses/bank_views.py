"""Question banks in Wagtail's administration."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters import ModelChoiceFilter
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.models import InspectView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from courses.exchange_views import ExchangeViewSet
from courses.forms import AnswerForm
from courses.models import Question, QuestionBank, QuestionCategory, QuestionTag
from courses.question_forms import QuestionForm
from courses.questions import feedback, grade, right_lines


class QuestionFilters(WagtailFilterSet):
    """A category finds everything below it as well."""

    category = ModelChoiceFilter(
        label=_("Question category"),
        queryset=QuestionCategory.objects.select_related("bank"),
        method="in_category",
    )
    tag = ModelChoiceFilter(label=_("Tag"), queryset=QuestionTag.objects.all(), method="tagged")

    class Meta:
        model = Question
        fields = ["bank", "category", "kind", "difficulty", "tag", "archived"]

    def in_category(self, found: QuerySet, name: str, category: QuestionCategory) -> QuerySet:
        return found.filter(category__in=category.with_below())

    def tagged(self, found: QuerySet, name: str, tag: QuestionTag) -> QuerySet:
        return found.filter(tagged__tag=tag)


class QuestionIndexView(IndexView):
    """Found without marks, by every word."""

    def get_base_queryset(self) -> QuerySet:
        return Question.objects.select_related("bank", "category")

    def search_queryset(self, queryset: Any) -> QuerySet:
        return queryset.matching(self.search_query) if self.is_searching else queryset


class QuestionPreview(InspectView):
    """The question as a learner meets it; answered, it says the mark. Keeps nothing."""

    template_name = "courses/admin/question_preview.html"
    page_title = _("Preview")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        content = self.object.content
        data = self.request.GET
        tried = any(name.startswith("answer") for name in data)
        form = AnswerForm(content, None, data if tried else None)
        context = super().get_context_data(**kwargs) | {
            "question": self.object,
            "answer_form": form,
            "right": right_lines(content),
        }
        if tried and form.is_valid():
            mark = grade(content, form.answer())
            context |= {
                "tried": True,
                "mark": None if mark is None else int(mark * 100),
                "feedback": feedback(content, form.answer()),
            }
        return context


class QuestionViewSet(ModelViewSet):
    model = Question
    icon = "help"
    menu_label = _("Questions")
    add_to_reference_index = False
    index_view_class = QuestionIndexView
    inspect_view_class = QuestionPreview
    inspect_view_enabled = True
    list_display = [
        "__str__",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("bank", label=_("Question bank"), sort_key="bank__name"),
        Column("category", label=_("Question category"), sort_key="category__name"),
        Column("get_difficulty_display", label=_("Difficulty")),
        Column("framework", label=_("Competence code"), sort_key="framework"),
    ]
    filterset_class = QuestionFilters
    search_fields = ["folded_text"]
    search_backend_name = None
    list_per_page = 50
    panels = [
        FieldRowPanel([FieldPanel("bank"), FieldPanel("category"), FieldPanel("kind")]),
        FieldPanel("stem"),
        FieldPanel("typed"),
        FieldRowPanel([FieldPanel("fold"), FieldPanel("all_or_nothing")]),
        FieldPanel("explanation"),
        FieldPanel("stem_html"),
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("tags"),
                FieldRowPanel([FieldPanel("difficulty"), FieldPanel("framework")]),
                FieldPanel("source"),
                FieldPanel("archived"),
            ],
            heading=_("For finding and drawing"),
        ),
    ]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return QuestionForm


class BankIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet:
        return QuestionBank.objects.annotate(
            drawn=Count("questions", filter=Q(questions__archived=False))
        )

    def get_list_more_buttons(self, instance: QuestionBank) -> list[Any]:
        """The bank's questions go in from here, and out; and what other apps know about the bank
        (the hook register_question_bank_buttons)."""
        buttons = super().get_list_more_buttons(instance)
        if self.request.user.has_perm("courses.add_question"):
            given = urlencode({"bank": instance.name})
            address = f"{reverse('questions_exchange:index')}?{given}"
            buttons.append(
                MenuItem(_("Import questions"), address, icon_name="upload", priority=24)
            )
        address = reverse("questions_exchange:take_out", args=[instance.pk, "moodle"])
        buttons.append(
            MenuItem(_("Export as Moodle XML"), address, icon_name="download", priority=26)
        )
        added = hooks.get_hooks("register_question_bank_buttons")
        return buttons + [button for found in added for button in found(instance)]


class QuestionBankViewSet(ModelViewSet):
    model = QuestionBank
    icon = "folder-open-inverse"
    menu_label = _("Banks")
    add_to_reference_index = False
    index_view_class = BankIndexView
    list_display = ["name", Column("drawn", label=_("Questions"))]
    search_fields = ["name"]
    panels = [FieldPanel("name"), FieldPanel("slug")]


class QuestionCategoryViewSet(ModelViewSet):
    model = QuestionCategory
    icon = "list-ul"
    menu_label = _("Categories")
    add_to_reference_index = False
    list_display = ["name", "bank", "parent"]
    list_filter = ["bank"]
    search_fields = ["name"]
    panels = [FieldPanel("bank"), FieldPanel("parent"), FieldPanel("name")]


class QuestionBankGroup(ViewSetGroup):
    menu_label = _("Question banks")
    menu_icon = "help"
    menu_order = 240
    items = (
        QuestionViewSet,
        QuestionBankViewSet,
        QuestionCategoryViewSet,
        ExchangeViewSet("questions_exchange"),
    )
