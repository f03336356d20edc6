from datetime import date

from django.db import migrations


def _act(LegalAct, title, number, valid_from, valid_to):
    if valid_from and valid_to and valid_to < valid_from:
        valid_to = None
    act, _created = LegalAct.objects.get_or_create(
        title=title, number=number, defaults={"valid_from": valid_from, "valid_to": valid_to}
    )
    return act.pk


def _day(text):
    return date.fromisoformat(text) if text else None


def bring_along(apps, schema_editor):
    """Courses went on everything so far; acts typed course by course become one list."""
    CoursePage = apps.get_model("courses", "CoursePage")
    LegalAct = apps.get_model("courses", "LegalAct")
    LegalBasis = apps.get_model("courses", "LegalBasis")
    Revision = apps.get_model("wagtailcore", "Revision")

    CoursePage.objects.filter(completion="").update(completion="everything")
    for basis in LegalBasis.objects.filter(act=None):
        basis.act_id = _act(
            LegalAct, basis.title, basis.number, basis.valid_from, basis.valid_to
        )
        basis.save(update_fields=["act"])
    # A revision that an author opens tomorrow must hold what the page holds.
    for revision in Revision.objects.filter(
        content_type__app_label="courses", content_type__model="coursepage"
    ):
        revision.content.setdefault("completion", "everything")
        for basis in revision.content.get("legal_bases", []):
            if "title" in basis:
                basis["act"] = _act(
                    LegalAct,
                    basis.pop("title"),
                    basis.pop("number", ""),
                    _day(basis.pop("valid_from", None)),
                    _day(basis.pop("valid_to", None)),
                )
        revision.save(update_fields=["content"])


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0004_completion_and_legal_acts'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [migrations.RunPython(bring_along, migrations.RunPython.noop)]
