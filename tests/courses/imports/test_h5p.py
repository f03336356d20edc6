"""H5P files: taken when every library they need lies in them."""

import json

import pytest

from courses.choices import PackageKind
from courses.import_report import ImportRefused
from courses.imports.library import read_package, store_package
from tests.factories.packages import h5p


def test_content_is_one_part_with_its_title():
    manifest = read_package(h5p())
    assert (manifest.kind, manifest.title) == (PackageKind.H5P, "Mật khẩu")
    assert [part["id"] for part in manifest.parts] == ["H5P.ViDu"]


def facts(**changes: object) -> str:
    library = {"machineName": "H5P.ViDu", "majorVersion": 1, "minorVersion": 0}
    usual = {"title": "T", "mainLibrary": "H5P.ViDu", "preloadedDependencies": [library]}
    return json.dumps(usual | changes)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"h5p.json": ""}, "h5p.json"),
        ({"h5p.json": "[]"}, "h5p.json"),
        ({"h5p.json": "[" * 100_000}, "h5p.json"),
        ({"h5p.json": facts(mainLibrary=None)}, "thư viện"),
        ({"h5p.json": facts(mainLibrary="H5P.Khac")}, "thư viện"),
        ({"h5p.json": facts(preloadedDependencies="x")}, "h5p.json"),
        ({"h5p.json": facts(preloadedDependencies=[{"majorVersion": 1}])}, "h5p.json"),
        ({"content/content.json": None}, "content/content.json"),
        ({"H5P.ViDu-1.0/library.json": None}, "H5P.ViDu"),
        ({"ViDu.Chu-2.3/library.json": None}, "ViDu.Chu-2.3"),
        ({"../x.js": "x"}, "ra ngoài"),
    ],
)
def test_what_could_not_be_played_is_refused(files, words):
    with pytest.raises(ImportRefused, match=words):
        read_package(h5p(**files))


def test_libraries_that_need_each_other_are_read_once():
    library = {"machineName": "H5P.ViDu", "majorVersion": 1, "minorVersion": 0}
    circle = json.dumps({"preloadedDependencies": [library]})
    assert read_package(h5p(**{"ViDu.Chu-2.3/library.json": circle})).title == "Mật khẩu"


@pytest.mark.django_db
def test_same_file_is_kept_once():
    package, is_new = store_package(h5p())
    assert (store_package(h5p()), is_new) == ((package, False), True)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("filltheblanks", "Geography"),
        ("multiple-choice-2-6", "Multiple Choice"),
        ("greeting-card", "Greeting card"),
    ],
)
def test_files_of_others_are_read(shared_inputs, name, title):
    data = (shared_inputs / f"packages/h5p/{name}.h5p").read_bytes()
    manifest = read_package(data)
    assert (manifest.kind, manifest.title) == (PackageKind.H5P, title)
