"""Names nobody should have: printed to the letter, or refused before any number is taken."""

import unicodedata
from dataclasses import replace

import pytest

from certificates.actions.lists import issue_by_list
from certificates.choices import LineState
from certificates.designs import draw, look_of
from certificates.layout import arranged
from certificates.models import Certificate, Design, Register
from certificates.pdf import Unprintable, render_paper
from certificates.typesetting import Misfit
from tests.certificates.test_pdf import PAPER, lines_of
from tests.factories.certificates import decided_list
from tests.factories.designs import design

PRINTED = {
    "markup": "<b>Nguyễn</b> <script>x</script>",
    "entity": "Nguyễn &amp; &lt;Hoa&gt;",
    "ampersand": "Lê & Trần",
    "quotes": 'Y\'Ơ "Đu"',
    "template": "{{ code }} {% now %}",
    "css": "x; } body { display: none",
    "pdf tag": "<pdf:insertpdf src=a>",
    "percent": "%s %(code)s",
    "seventy letters": ("Nguyễn Thị Hoa " * 5).strip(),
}
DECOMPOSED = unicodedata.normalize("NFD", "Nguyễn Thị Ánh Nguyệt")
REFUSED = {
    "right to left override": "Nguyễn Văn \u202eA",
    "isolate": "Nguyễn \u2067Văn A",
    "emoji": "Nguyễn Hoa 🌸",
    "khmer": "សុខា Sokha",
    "arabic": "محمد",
    "zero width joiner": "Nguyễn\u200dHoa",
    "zero width space": "Nguyễn\u200bHoa",
    "byte order mark": "\ufeffNguyễn Hoa",
    "soft hyphen": "Nguyễn\u00adHoa",
    "tab": "Nguyễn\tHoa",
    "line break": "Nguyễn\nHoa",
    "escape": "Nguyễn \x1b[31mHoa",
    "line separator": "Nguyễn\u2028Hoa",
    "stray mark": "Nguyễn\u0323\u0323\u0301 Hoa",
    "private use": "Nguyễn \ue000",
    "tag letters": "Nguyễn \U000e0041",
    "too wide": ("Nguyễn Thị Hoa " * 6).strip(),
    "two hundred letters": "Nguyễn " * 28 + "Hoa",
    "one long word": "W" * 100,
    "nothing": "\u00a0 \u3000",
}
LOOKS = [
    {"artwork": artwork, "heading_en": heading}
    for artwork in ("lotus", "drum")
    for heading in ("", "CERTIFICATE OF COMPLETION")
]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("name", PRINTED.values(), ids=PRINTED)
def test_odd_names_are_printed_to_the_letter(name, look):
    paper = replace(PAPER, full_name=name)
    assert name in lines_of(render_paper(paper, look_of(Design(**look))))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_decomposed_name_is_printed_composed(look):
    lines = lines_of(render_paper(replace(PAPER, full_name=DECOMPOSED), look_of(Design(**look))))
    assert "Nguyễn Thị Ánh Nguyệt" in lines


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
def test_names_that_would_print_wrong_are_refused_at_the_name(name, look):
    with pytest.raises(Misfit) as misfit:
        arranged(replace(PAPER, full_name=name), look_of(Design(**look)))
    assert misfit.value.field == "full_name"


@pytest.mark.parametrize("field", ["course_title", "unit", "signer_name", "issuing_body", "place"])
@pytest.mark.parametrize("text", ["A \u202eB", "សុខា", "A\x00B", "W" * 299])
def test_other_words_that_would_print_wrong_are_refused_at_their_field(field, text):
    with pytest.raises(Unprintable):
        render_paper(replace(PAPER, **{field: text}))


@pytest.mark.django_db
@pytest.mark.parametrize("version", [None, "lotus", "drum"])
def test_hostile_names_in_a_class_leave_no_gap_in_the_register(version):
    if version:
        design(artwork=version)
    bad = [name for name in REFUSED.values() if len(name) <= 100]
    drawn = decided_list(*bad, *PRINTED.values())
    issue_by_list(drawn.pk)
    papers = list(Certificate.objects.order_by("number"))
    assert [paper.number for paper in papers] == list(range(1, len(papers) + 1))
    assert Register.objects.get().last_number == len(papers)
    refused = drawn.lines.filter(state=LineState.REFUSED)
    assert refused.count() + len(papers) == drawn.lines.count()
    assert not refused.filter(reason="").exists()
    names = {paper.paper["full_name"] for paper in papers}
    assert set(PRINTED.values()) <= names
    # The register of people mends spaces and line breaks by itself: those are printed mended.
    assert names - set(PRINTED.values()) <= {"Nguyễn Hoa"}
    for paper in papers:
        assert paper.paper["full_name"] in lines_of(draw(paper))
