"""Files that nobody of us wrote: each gives what their INDEX.md says, or is refused as it says."""

import json
from collections import Counter
from pathlib import Path

import pytest

from courses.exports.gift import write_gift
from courses.exports.moodle_xml import write_moodle_xml
from courses.import_report import ImportRefused
from courses.imports.questions.files import read_questions
from courses.imports.questions.parsed import Parsed
from courses.imports.questions.store import store_questions
from courses.models import Question

# File: items in it, kinds taken; the rest is skipped with a reason.
FILES = {
    "gift/moodle_questions.gift.txt": (
        9,
        {
            "essay": 1,
            "matching": 1,
            "choice": 1,
            "multiple": 1,
            "numerical": 1,
            "short_answer": 1,
            "true_false": 3,
        },
    ),
    "gift/moodle_examples.txt": (
        43,
        {
            "choice": 16,
            "multiple": 2,
            "true_false": 5,
            "short_answer": 9,
            "numerical": 8,
            "matching": 3,
        },
    ),
    "aiken/moodle_questions.aiken.txt": (2, {"choice": 2}),
    "aiken/qas_aiken_1.txt": (5, {"choice": 4}),
    "moodle_xml/moodle_truefalse.xml": (2, {"true_false": 2}),
    "moodle_xml/moodle_multichoice.xml": (1, {"choice": 1}),
    "moodle_xml/moodle_nested_categories_with_questions.xml": (5, {"true_false": 4, "essay": 1}),
    "moodle_xml/moodle_export_category.xml": (1, {"true_false": 1}),
    "moodle_xml/moodle_category_with_description.xml": (1, {"true_false": 1}),
    "moodle_xml/moodle_old_format_file.xml": (2, {"true_false": 2}),
    "moodle_xml/qas_description.xml": (1, {}),
    "moodle_xml/qas_numerical.xml": (1, {"numerical": 1}),
    "moodle_xml/qas_multichoice.xml": (1, {"choice": 1}),
    "moodle_xml/qas_essay.xml": (1, {"essay": 1}),
    "moodle_xml/qas_shortanswer.xml": (1, {"short_answer": 1}),
    "moodle_xml/qas_matching.xml": (1, {"matching": 1}),
    "qti/1edtech_qti3_simple.zip": (1, {"choice": 1}),
    "qti/1edtech_qti3_basicFeedbackTest.zip": (4, {"choice": 2, "gap_fill": 1}),
    "qti/1edtech_qti3_englishBasicLevelV2.zip": (52, {"gap_fill": 29, "choice": 19, "multiple": 4}),
    "qti/1edtech_qti22_items.zip": (
        57,
        {
            "choice": 13,
            "multiple": 2,
            "essay": 4,
            "gap_fill": 5,
            "matching": 1,
            "ordering": 3,
        },
    ),
    "qti/1edtech_qti3_shared-vocabulary-imsmanifest.zip": (
        28,
        {"choice": 1, "multiple": 1, "essay": 2, "matching": 1, "gap_fill": 1},
    ),
    "qti/instructure_qti_1.2.zip": (3, {"choice": 2, "multiple": 1}),
    "qti/tao_QTI_package.zip": (1, {"choice": 1}),
    "qti/tao_QTI_qti22.zip": (3, {"choice": 3}),
    "banks_md/cybersecurity-quiz.gift": (180, {"choice": 175, "multiple": 5}),
    "banks_md/microsoft-word-quiz.gift": (131, {"choice": 131}),
    "banks_md/accounting-quiz-vi.gift": (75, {"choice": 75}),
    "vi/webdev_vi_first13.gift": (39, {"choice": 37, "multiple": 1}),
}


@pytest.fixture
def folder(shared_inputs) -> Path:
    return shared_inputs / "quiz"


@pytest.mark.parametrize("name", FILES)
def test_every_item_is_accounted_for(folder, name):
    count, kinds = FILES[name]
    source = read_questions((folder / name).read_bytes())
    taken = [item for item in source.items if isinstance(item, Parsed)]
    skipped = [item for item in source.items if not isinstance(item, Parsed)]
    assert len(source.items) == count
    assert dict(Counter(item.question["kind"] for item in taken)) == kinds
    assert all(item.where and item.why and item.repair for item in skipped)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("moodle_xml/moodle1_backup_questions.xml", "MOODLE_BACKUP"),
        ("qti/tao_wrong_MalformedItemXml.zip", "qti.xml"),
        ("qti/tao_wrong_MissingManifest.zip", "imsmanifest.xml"),
    ],
)
def test_what_index_says_is_wrong_is_refused(folder, name, words):
    with pytest.raises(ImportRefused, match=words):
        read_questions((folder / name).read_bytes())


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_second_import_adds_and_changes_nothing(folder, name):
    data = (folder / name).read_bytes()
    first = store_questions(read_questions(data), bank="Thử", origin=name)
    again = store_questions(read_questions(data), bank="Thử", origin=name)
    count, kinds = FILES[name]
    assert (first.read, first.created) == (count, sum(kinds.values()))
    assert len(first.skipped) == count - first.created
    assert (again.created, again.updated, again.unchanged) == (0, 0, first.created)
    assert Question.objects.count() == first.created


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("write", [write_gift, write_moodle_xml])
def test_what_came_in_goes_out_and_comes_back_unchanged(folder, name, write):
    source = read_questions((folder / name).read_bytes())
    bank = "Thử"
    store_questions(source, bank=bank, origin=name)
    rows = Question.objects.order_by("pk").select_related("category__parent")
    if not rows:
        return
    written, left_out = write(rows)
    assert write is write_gift or left_out == []
    if len(left_out) == len(rows):
        return
    data = written if isinstance(written, bytes) else written.encode()
    again = store_questions(read_questions(data), bank=bank, origin="x")
    assert (again.created, again.updated, again.skipped) == (0, 0, [])
    assert again.unchanged == len(rows) - len(left_out)


def test_keys_of_aiken_are_the_stated_ones(folder):
    source = read_questions((folder / "aiken/qas_aiken_1.txt").read_bytes())
    keys = [
        "ABCDE"[[choice["right"] for choice in item.question["choices"]].index(True)]
        for item in source.items
        if isinstance(item, Parsed)
    ]
    assert keys == ["E", "A", "A", "B"]


def test_markup_in_a_stem_is_shown_and_not_run(folder):
    source = read_questions((folder / "aiken/moodle_questions.aiken.txt").read_bytes())
    stem = source.items[1].question["stem"]
    assert '<html class="cool"> & images' in stem


def test_nested_categories_keep_their_paths(folder):
    name = "moodle_xml/moodle_nested_categories_with_questions.xml"
    source = read_questions((folder / name).read_bytes())
    assert {item.category for item in source.items} == {
        ("Iota",),
        ("Iota", "Kappa"),
        ("Iota", "Kappa", "Lambda"),
        ("Iota", "Mu"),
    }


def questions(folder: Path, name: str) -> list[dict]:
    source = read_questions((folder / name).read_bytes())
    return [item.question for item in source.items if isinstance(item, Parsed)]


def right(question: dict) -> list[str]:
    return [choice["text"] for choice in question["choices"] if choice["right"]]


def test_keys_and_shares_of_moodle_are_the_stated_ones(folder):
    (greeting,) = questions(folder, "moodle_xml/moodle_multichoice.xml")
    assert (right(greeting), len(greeting["choices"])) == (["French"], 4)
    statements = questions(folder, "moodle_xml/moodle_truefalse.xml")
    assert [statement["right"] for statement in statements] == [False, True]
    (number,) = questions(folder, "moodle_xml/qas_numerical.xml")
    assert number["accepted"][0]["value"] == "150"
    (island,) = questions(folder, "moodle_xml/qas_shortanswer.xml")
    assert island["accepted"][0]["text"] == "Crete"
    by_kind = {one["kind"]: one for one in questions(folder, "gift/moodle_questions.gift.txt")}
    assert [one["fraction"] for one in by_kind["multiple"]["choices"]] == ["0.5", "-1", "0.5", "-1"]
    assert by_kind["matching"]["extra"] == ["Chat"]
    assert len(by_kind["matching"]["pairs"]) == 4
    assert [(one["text"], one["fraction"]) for one in by_kind["short_answer"]["accepted"]] == [
        ("Frog", "1"),
        ("Cat", "0.5"),
        ("*", "0"),
    ]
    best = by_kind["numerical"]["accepted"][0]
    assert (best["value"], best["tolerance"]) == ("3", "2")


@pytest.mark.parametrize(
    ("name", "count"), [("moodle_truefalse.xml", 8), ("moodle_multichoice.xml", 5)]
)
def test_every_embedded_file_is_kept_or_named(folder, name, count):
    source = read_questions((folder / "moodle_xml" / name).read_bytes())
    assert sum(len(item.files) + len(item.warnings) for item in source.items) == count


def test_options_of_the_banks_are_the_stated_ones(folder):
    security = questions(folder, "banks_md/cybersecurity-quiz.gift")
    shapes = {n: len(one["choices"]) for n, one in enumerate(security, 1)}
    assert {n: size for n, size in shapes.items() if size != 4} == {77: 3, 174: 2}
    several = {n: len(right(one)) for n, one in enumerate(security, 1) if len(right(one)) > 1}
    assert several == {111: 2, 173: 2, 179: 2, 115: 3, 180: 3}
    for name, count in [("microsoft-word-quiz", 131 * 4), ("accounting-quiz-vi", 300)]:
        bank = questions(folder, f"banks_md/{name}.gift")
        assert sum(len(one["choices"]) for one in bank) == count
        assert {len(right(one)) for one in bank} == {1}


def test_picture_that_a_package_asks_about_comes_with_it(folder):
    source = read_questions((folder / "qti/1edtech_qti3_simple.zip").read_bytes())
    assert [(item.name, list(item.files)) for item in source.items] == [
        ("Unattended Luggage", ["sign.png"])
    ]


KIND_OF = {
    "TF": {"true_false"},
    "MC": {"choice", "multiple"},
    "Short": {"short_answer"},
    "Numerical": {"numerical"},
    "Matching": {"matching"},
    "Essay": {"essay"},
    "Description": {"skipped"},
}
TWO_RIGHT = "escapeColon.gift"
"""Marks two answers as right where one can be chosen: said, and not taken."""


def test_peg_files_hold_what_their_project_says(folder):
    """The .json beside each .gift is that project's own reading, question by question."""
    for file in sorted((folder / "gift/peg").glob("*.gift")):
        types = [one["type"] for one in json.loads(file.with_suffix(".json").read_text())]
        if types == ["Category"]:
            continue
        kinds = [
            item.question["kind"] if isinstance(item, Parsed) else "skipped"
            for item in read_questions(file.read_bytes()).items
        ]
        assert len(kinds) == len(types), file.name
        if file.name != TWO_RIGHT:
            assert all(
                kind in KIND_OF[stated] for kind, stated in zip(kinds, types, strict=True)
            ), file.name
