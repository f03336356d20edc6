"""People whom a list does not name: their posts are ended when an officer says so."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from learners.actions.audit import note
from learners.actions.standing import refresh_since
from learners.choices import Act, RowDecision, RowOutcome
from learners.models import Post, StaffImport, User
from learners.tree import tree_on


@transaction.atomic
def end_posts(run: StaffImport, rows: Iterable[int], *, by: User) -> int:
    """End the main posts of those rows on the day before the list's; returns how many.

    Only rows of people missing from the list, each once: a second press ends nothing more.
    A post that began on that day or later was entered by somebody who knew, and stays.
    """
    missing = run.rows.select_for_update().filter(
        pk__in=rows, outcome=RowOutcome.MISSING, decision=RowDecision.NONE
    )
    people = {row.pk: row.person_id for row in missing if row.person_id}
    posts = Post.objects.filter(
        person__in=people.values(),
        is_main=True,
        valid_to__isnull=True,
        valid_from__lt=run.effective_on,
    )
    if run.unit_id is not None:
        # Who has moved out of the list's unit meanwhile has not left.
        tree = tree_on(run.effective_on)
        posts = posts.filter(managing_unit__in=tree.subtree_ids(run.unit_id))
    left = list(posts.values_list("person_id", flat=True))
    posts.update(valid_to=run.effective_on - timedelta(days=1))
    run.rows.filter(pk__in=people).update(decision=RowDecision.ENDED)
    refresh_since(left, run.effective_on)
    if left:
        after = {"people": left, "last_day": str(run.effective_on - timedelta(days=1))}
        note(Act.POST_ENDED, f"list of staff {run.pk}", by=by, after=after)
    return len(left)
