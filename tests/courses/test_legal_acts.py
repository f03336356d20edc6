"""Legal acts and the day on which they end."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from courses.models import LegalAct

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


def act(**fields: object) -> LegalAct:
    return LegalAct.objects.create(title=f"Luật {LegalAct.objects.count() + 1}", **fields)


def replaced(by_valid_from: date | None) -> LegalAct:
    return act(replaced_by=act(valid_from=by_valid_from))


@pytest.mark.parametrize(
    ("make", "state"),
    [
        (act, "in_force"),
        (lambda: act(valid_from=date(2026, 11, 23)), "in_force"),
        (lambda: act(valid_from=date(2026, 11, 24)), "not_yet"),
        (lambda: act(valid_to=date(2026, 11, 22)), "ended"),
        (lambda: act(valid_to=date(2026, 11, 23)), "ending"),
        (lambda: act(valid_to=date(2027, 2, 20)), "ending"),
        (lambda: act(valid_to=date(2027, 2, 21)), "in_force"),
        (lambda: replaced(date(2026, 11, 23)), "ended"),
        (lambda: replaced(date(2026, 11, 24)), "ending"),
        (lambda: replaced(date(2027, 2, 22)), "in_force"),
        (lambda: replaced(None), "ended"),
    ],
)
def test_an_act_and_a_query_agree_on_its_state(make, state):
    found = make()
    assert found.state(DAY) == state
    acts = LegalAct.objects.filter(pk=found.pk)
    assert acts.ended(DAY).exists() == (state == "ended")
    assert acts.ended_or_ending(DAY).exists() == (state in ("ended", "ending"))


def test_an_act_that_ends_before_it_begins_is_refused():
    wrong = LegalAct(title="Luật", valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="hết hiệu lực trước khi có hiệu lực"):
        wrong.full_clean()


def test_an_act_cannot_replace_itself():
    found = act()
    found.replaced_by = found
    with pytest.raises(ValidationError, match="không thể tự thay thế"):
        found.full_clean()
