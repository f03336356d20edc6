"""Somebody's account: how it was used, what it may, and who looked at its owner."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learners.models import AuditEntry, Erasure, Reminder, SubjectRequestStep
from learners.personal_data.sources import Source, Subject, columns, name_of


def _account(subject: Subject) -> Iterator[list[Any]]:
    if account := subject.account:
        yield [
            account.username,
            account.email,
            account.phone,
            account.date_joined,
            account.last_login,
            account.get_full_name(),
            account.is_active,
        ]


def _events(subject: Subject) -> Iterator[list[Any]]:
    if account := subject.account:
        for row in account.events.select_related("by").order_by("at", "pk"):
            yield [row.get_step_display(), name_of(row.by), row.at, row.reason]


def _consents(subject: Subject) -> Iterator[list[Any]]:
    if account := subject.account:
        for row in account.consents.order_by("given_at", "pk"):
            yield [row.notice, row.given_at, row.withdrawn_at]


def _roles(subject: Subject) -> Iterator[list[Any]]:
    if account := subject.account:
        rows = account.role_grants.select_related("granted_by").order_by("valid_from", "pk")
        for row in rows:
            unit = row.organisation.versions.last()
            yield [
                row.get_role_display(),
                unit.name if unit else "",
                row.valid_from,
                row.valid_to,
                name_of(row.granted_by),
            ]


def _classes(subject: Subject) -> Iterator[list[Any]]:
    if account := subject.account:
        for row in account.kept_classes.select_related("class_group", "granted_by"):
            yield [row.class_group.title, row.granted_at, name_of(row.granted_by)]


def _reminders(subject: Subject) -> Iterator[list[Any]]:
    rows = Reminder.objects.filter(person__in=subject.people).select_related("run__by")
    for row in rows.order_by("day", "pk"):
        yield [
            row.day,
            row.get_channel_display(),
            row.get_state_display(),
            name_of(row.run.by),
            row.run.note,
        ]


def _requests(subject: Subject) -> Iterator[list[Any]]:
    rows = SubjectRequestStep.objects.filter(request__person__in=subject.people)
    for row in rows.select_related("request", "by").order_by("request", "at", "pk"):
        asked = row.request
        yield [
            asked.get_right_display(),
            asked.words,
            asked.received_on,
            asked.due_on,
            asked.get_state_display(),
            row.get_step_display(),
            name_of(row.by),
            row.at,
            row.words,
        ]


def _erasures(subject: Subject) -> Iterator[list[Any]]:
    rows = Erasure.objects.filter(person__in=subject.people).select_related("closed_by")
    for row in rows.order_by("pk"):
        yield [row.get_state_display(), row.reason, row.proposed_at, row.closed_at, row.effect]


def _about(subject: Subject) -> Iterator[list[Any]]:
    about = Q(about__in=[f"person {person.pk}" for person in subject.people])
    if subject.account:
        about |= Q(about=f"account {subject.account.pk}")
    for row in AuditEntry.objects.filter(about).select_related("by").order_by("number"):
        yield [row.number, row.get_act_display(), name_of(row.by), row.at, row.why]


def _done(subject: Subject) -> Iterator[list[Any]]:
    if account := subject.account:
        for row in AuditEntry.objects.filter(by=account).order_by("number"):
            yield [row.number, row.get_act_display(), row.about, row.at, row.why]


SOURCES = [
    Source(
        "account",
        _("Your account"),
        {
            "sign_in_name": _("Sign-in name"),
            "email": _("E-mail"),
            "phone": _("Phone"),
            "opened_at": _("Opened"),
            "last_sign_in": _("Last sign-in"),
            "full_name": _("Full name"),
            "is_active": _("Account is open"),
        },
        _account,
        columns("learners.Person.user"),
    ),
    Source(
        "account_events",
        _("What was done to your account"),
        {"step": _("Step"), "by": _("By whom"), "at": _("When"), "reason": _("Reason")},
        _events,
        columns("learners.AccountEvent.account"),
    ),
    Source(
        "consents",
        _("Consents"),
        {"notice": _("Notice"), "given_at": _("Given at"), "withdrawn_at": _("Withdrawn at")},
        _consents,
        columns("learners.Consent.account"),
    ),
    Source(
        "roles",
        _("Roles"),
        {
            "role": _("Role"),
            "unit": _("Unit"),
            "valid_from": _("From"),
            "valid_to": _("To"),
            "by": _("By whom"),
        },
        _roles,
        columns("learners.RoleGrant.user"),
    ),
    Source(
        "kept_classes",
        _("Classes entrusted to you"),
        {"class": _("Class"), "at": _("When"), "by": _("By whom")},
        _classes,
        columns("learners.ClassKeeper.account"),
    ),
    Source(
        "reminders",
        _("Reminders sent to you"),
        {
            "day": _("Date"),
            "way": _("Way"),
            "state": _("State"),
            "by": _("By whom"),
            "words": _("Words"),
        },
        _reminders,
        columns("learners.Reminder.person"),
    ),
    Source(
        "requests",
        _("Your requests"),
        {
            "right": _("What is asked"),
            "words": _("In your own words"),
            "received_on": _("Received on"),
            "due_on": _("To be done by"),
            "state": _("State"),
            "step": _("Step"),
            "by": _("By whom"),
            "at": _("When"),
            "answer": _("Answer"),
        },
        _requests,
        columns("learners.SubjectRequest.person", "learners.SubjectRequestStep.request"),
    ),
    Source(
        "erasures",
        _("Erasures of your data"),
        {
            "state": _("State"),
            "reason": _("Reason"),
            "proposed_at": _("Proposed"),
            "closed_at": _("Closed on"),
            "effect": _("What went and what stayed"),
        },
        _erasures,
        columns("learners.Erasure.person"),
    ),
    Source(
        "log_about_you",
        _("Who looked at or changed what is yours"),
        {
            "number": _("No."),
            "act": _("What was done"),
            "by": _("By whom"),
            "at": _("When"),
            "reason": _("Reason"),
        },
        _about,
        frozenset(),
    ),
    Source(
        "log_by_you",
        _("What your account did in office"),
        {
            "number": _("No."),
            "act": _("What was done"),
            "about": _("About"),
            "at": _("When"),
            "reason": _("Reason"),
        },
        _done,
        columns("learners.AuditEntry.by"),
    ),
]
