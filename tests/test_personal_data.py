"""No model that leads to a person is forgotten when he asks what is held about him."""

from django.apps import apps
from django.db.models import Field

from certificates.models import Certificate
from learners.models import Attempt, Enrolment, Person, SubjectRequest, TrainingRecord, User
from learners.personal_data.making import all_left_out, all_sources

OF_A_PERSON = (Person, User, Enrolment, Attempt, TrainingRecord, SubjectRequest, Certificate)
"""People, accounts, and what hangs on them and has rows of its own below."""


def columns_to_people() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, Field) and field.related_model in OF_A_PERSON
    }


def test_every_column_that_leads_to_a_person_is_told_or_left_out_with_a_reason():
    told = {path for source in all_sources() for path in source.covers}
    known = told | set(all_left_out())
    found = columns_to_people()
    assert (sorted(found - known), sorted(known - found)) == ([], [])
    assert sorted(told & set(all_left_out())) == []


def test_each_source_has_a_name_of_its_own():
    names = [source.name for source in all_sources()]
    assert len(names) == len(set(names))
