"""Every word of a credential stands in the contexts that it names, so nothing is dropped by a
reader of linked data."""

import json

import pytest

from certificates.actions.online import issue_certificate
from certificates.badges.credentials import badge_jwt
from certificates.badges.proofs import CONTEXTS
from certificates.badges.status import status_list_jwt
from certificates.models import StatusList
from learners.actions.enrolments import enrol
from tests.factories.badges import key_file, parts
from tests.factories.certificates import standing_decision
from tests.factories.learning import learnt, small_course, staff

FILES = ["credentials-v2.json", "ob-v3p0-3.0.3.json"]
CLAIMS = {"iss", "jti", "sub", "nbf", "exp"}


def terms(node):
    """All that contexts define, on every level."""
    if isinstance(node, list):
        return set().union(*map(terms, node))
    if not isinstance(node, dict):
        return set()
    return set(node) | set().union(*map(terms, node.values()))


def words(node):
    """All names and types in a document."""
    if isinstance(node, list):
        return set().union(*map(words, node))
    if not isinstance(node, dict):
        return set()
    types = node.get("type", [])
    named = set(node) | set([types] if isinstance(types, str) else types)
    return named.union(*map(words, node.values()))


@pytest.mark.django_db
def test_every_word_is_defined(settings):
    settings.BADGE_KEY_FILES = [key_file()]
    standing_decision(valid_months=24)
    enrolment = learnt(enrol(person=staff("Nguyễn Thị Hoa"), course=small_course()))
    badge = parts(badge_jwt(issue_certificate(enrolment.pk)))[1]
    state = parts(status_list_jwt(StatusList.objects.get()))[1]
    known = terms([json.loads((CONTEXTS / name).read_text()) for name in FILES])
    assert (words([badge, state]) - known - CLAIMS) == set()
