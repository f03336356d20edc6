"""SCORM packages: read by their manifest, refused with one sentence, kept once."""

import pytest
from django.urls import reverse

from courses.choices import PackageKind
from courses.import_report import ImportRefused
from courses.imports.library import read_package, store_package
from courses.models import Package
from courses.package_views import launch_key
from tests.factories.packages import scorm, zipped


class TestManifest:
    def test_parts_stand_in_the_order_of_the_organisation(self):
        manifest = read_package(scorm(parts=2, mastery="80"))
        assert (manifest.kind, manifest.title) == (PackageKind.SCORM12, "An toàn trên mạng")
        assert manifest.parts == [
            {"id": "I1", "title": "Phần 1", "href": "part1.html", "mastery": "80"},
            {"id": "I2", "title": "Phần 2", "href": "part2.html", "mastery": "80"},
        ]

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"no zip", "zip"),
            (zipped({"a.html": "x"}), "imsmanifest.xml"),
            (zipped({"sub/imsmanifest.xml": "<manifest/>"}), "imsmanifest.xml"),
            (zipped({"imsmanifest.xml": ""}), "XML"),
            (zipped({"imsmanifest.xml": "<manifest/>"}), "bản kê"),
            (scorm(href="http://example.org/a.html"), "địa chỉ khác"),
            (scorm(href="//example.org/a.html"), "địa chỉ khác"),
            (scorm(href="/etc/passwd"), "địa chỉ khác"),
            (scorm(href="../a.html"), "thiếu"),
            (scorm(href="khong-co.html"), "thiếu"),
            (scorm(parts=0), "không có phần nào"),
            (scorm(**{"../x.html": "x"}), "ra ngoài"),
            (scorm(**{"bomb.txt": "0" * 30_000_000}), "lần kích thước"),
        ],
    )
    def test_what_could_not_be_launched_is_refused(self, data, words):
        with pytest.raises(ImportRefused, match=words):
            read_package(data)

    @pytest.mark.parametrize(
        ("name", "parts", "title"),
        [
            ("moodle_singlesco_scorm12", 1, "Golf Explained - CP Single SCO"),
            ("moodle_singlescobasic", 1, "Golf Explained - Run-time Basic Calls"),
            (
                "moodle_RuntimeMinimumCalls_SCORM12-mini",
                9,
                "Golf Explained - Minimum Run-time Calls",
            ),
        ],
    )
    def test_packages_of_others_are_read(self, shared_inputs, name, parts, title):
        manifest = read_package((shared_inputs / f"packages/scorm/{name}.zip").read_bytes())
        assert (manifest.kind, len(manifest.parts), manifest.title) == (
            PackageKind.SCORM12,
            parts,
            title,
        )

    @pytest.mark.parametrize("name", ["moodle_badscorm", "moodle_validscorm"])
    def test_broken_packages_of_others_are_refused(self, shared_inputs, name):
        with pytest.raises(ImportRefused):
            read_package((shared_inputs / f"packages/scorm/{name}.zip").read_bytes())


@pytest.mark.django_db
class TestFiles:
    @pytest.fixture
    def package(self):
        return store_package(scorm())[0]

    def test_same_zip_is_kept_once(self, package):
        assert store_package(scorm()) == (package, False)
        assert Package.objects.count() == 1

    def test_files_are_given_for_a_launch_only(self, package, client):
        page = client.get(f"/goi/{launch_key(package)}/part1.html")
        assert (page.status_code, "Sang trang 3" in page.getvalue().decode()) == (200, True)
        assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
        for key in (str(package.folder), launch_key(package)[:-2] + "xx", "a:b:c"):
            assert client.get(f"/goi/{key}/part1.html").status_code == 404

    @pytest.mark.parametrize("name", ["../package.zip", "%2e%2e/x", "khong-co.html", "..%5cx"])
    def test_no_name_leads_out_of_the_package(self, package, client, name):
        assert client.get(f"/goi/{launch_key(package)}/{name}").status_code == 404

    def test_packages_address_shows_nothing_but_packages(self, package, client, settings):
        settings.PUBLIC_URL, settings.PACKAGES_URL = "http://testserver", "http://localhost"
        answer = client.get("/hoc-tap/", HTTP_HOST="localhost")
        assert (answer.status_code, answer["Location"]) == (302, "http://testserver/hoc-tap/")
        inside = reverse("package_frame", args=[launch_key(package)])
        assert client.get(inside, HTTP_HOST="localhost").status_code == 200
