"""What the site itself keeps about an account, for its owner's whole record."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from home.models import Delivery, ReportFile, SavedView
from learners.personal_data.erasers import Eraser, Kind
from learners.personal_data.left_out import IN_OFFICE
from learners.personal_data.sources import Source, Subject, columns

WAYS_IN: tuple[Any, ...] = (EmailAddress, Authenticator, SocialAccount)


def _files(subject: Subject) -> Iterator[list[Any]]:
    for row in ReportFile.objects.filter(by=subject.account).order_by("asked_at"):
        yield [row.get_kind_display(), row.query, row.asked_at]


def _views(subject: Subject) -> Iterator[list[Any]]:
    for row in SavedView.objects.filter(owner=subject.account).order_by("made_at"):
        yield [row.name, row.get_page_display(), row.query, row.made_at]


def _deliveries(subject: Subject) -> Iterator[list[Any]]:
    rows = Delivery.objects.filter(recipient=subject.account).select_related("schedule__view")
    for row in rows.order_by("due_on", "pk"):
        yield [row.schedule.view.name, row.due_on, row.get_state_display(), row.sent_at]


def _ways_in(subject: Subject) -> Iterator[list[Any]]:
    if subject.account:
        for address in EmailAddress.objects.filter(user=subject.account):
            yield [str(_("E-mail")), address.email, None, None]
        for factor in Authenticator.objects.filter(user=subject.account):
            yield [factor.get_type_display(), "", factor.created_at, factor.last_used_at]
        for link in SocialAccount.objects.filter(user=subject.account):
            yield [str(_("Sign-in elsewhere")), "", link.date_joined, link.last_login]


SOURCES = [
    Source(
        "report_files",
        _("Report files you asked for"),
        {"kind": _("Kind"), "query": _("Filters"), "at": _("When")},
        _files,
        columns("home.ReportFile.by"),
    ),
    Source(
        "saved_views",
        _("Saved views"),
        {
            "name": _("Name"),
            "page": _("Page"),
            "query": _("Filters"),
            "at": _("When"),
        },
        _views,
        columns("home.SavedView.owner"),
    ),
    Source(
        "deliveries",
        _("Reports mailed to you"),
        {"view": _("Name"), "due_on": _("Due on"), "state": _("State"), "sent_at": _("Sent at")},
        _deliveries,
        columns("home.Delivery.recipient", "home.Schedule.recipients"),
    ),
    Source(
        "ways_in",
        _("Ways of signing in"),
        {
            "way": _("Way"),
            "address": _("Address"),
            "since": _("Since"),
            "last_used_at": _("Last used"),
        },
        _ways_in,
        columns(
            "account.EmailAddress.user",
            "mfa.Authenticator.user",
            "socialaccount.SocialAccount.user",
        ),
    ),
]

_ON_PAGES = _("Work on the pages of the site, done in office.")
_ON_SCREEN = _("How the administration looks on its user's own screen, and half-filled forms.")

_OF_PAGES = """
courses.CatalogPage.locked_by courses.CatalogPage.owner courses.CoursePage.locked_by
courses.CoursePage.owner courses.LessonPage.locked_by courses.LessonPage.owner
courses.ModulePage.locked_by courses.ModulePage.owner courses.QuizPage.locked_by
courses.QuizPage.owner home.HomePage.locked_by home.HomePage.owner wagtailcore.Page.locked_by
wagtailcore.Page.owner wagtailcore.APIToken.user wagtailcore.Comment.resolved_by
wagtailcore.Comment.user wagtailcore.CommentReply.user wagtailcore.ModelLogEntry.user
wagtailcore.PageLogEntry.user wagtailcore.Revision.user wagtailcore.TaskState.finished_by
wagtailcore.UploadedFile.uploaded_by_user wagtailcore.WorkflowState.requested_by
wagtaildocs.Document.uploaded_by_user wagtailimages.Image.uploaded_by_user
"""
_OF_SCREENS = """
wagtailadmin.EditingSession.user wagtailadmin.FormState.user wagtailcore.PageSubscription.user
wagtailusers.UserProfile.user
"""

LEFT_OUT: dict[str, Any] = {
    "home.ApiClient.made_by": IN_OFFICE,
    **dict.fromkeys(_OF_PAGES.split(), _ON_PAGES),
    **dict.fromkeys(_OF_SCREENS.split(), _ON_SCREEN),
}


def _kinds(subject: Subject) -> Iterator[Kind]:
    account = subject.account
    if account is not None:
        ways = [model.objects.filter(user=account) for model in WAYS_IN]
        yield Kind(_("Ways of signing in"), ways)
        yield Kind(_("Report files"), [ReportFile.objects.filter(by=account)])
        yield Kind(_("Saved views"), [_unscheduled(subject)])


def _unscheduled(subject: Subject) -> QuerySet[SavedView]:
    """A scheduled view stands in the ledger of what was mailed, under no name but the account."""
    return SavedView.objects.filter(owner=subject.account, schedule__isnull=True)


def _erase(subject: Subject) -> list[str]:
    account = subject.account
    if account is None:
        return []
    for model in WAYS_IN:
        model.objects.filter(user=account).delete()
    _unscheduled(subject).delete()
    files = ReportFile.objects.filter(by=account)
    names = list(files.exclude(file="").values_list("file", flat=True))
    files.delete()
    return names


ERASER = Eraser(_kinds, _erase)
