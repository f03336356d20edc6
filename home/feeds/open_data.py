"""Open data: three tables without persons, small cells hidden, and their catalogue in DCAT.

All are made from the newest aggregate of a night. Decree 47/2020: no personal information,
free reuse, the list reviewed every six months, data renewed within three.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.choices import ECOMMERCE_TOPICS
from home.feeds.suppression import published
from learners.choices import REACHED, Status

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PUBLISHER = "Sở Khoa học và Công nghệ tỉnh Nghệ An"

Row = list[str | int | None]


@dataclass(frozen=True)
class Dataset:
    name: str
    """Its place in addresses."""
    title: str | Promise
    description: str | Promise
    columns: tuple[str, ...]
    rows_of: Callable[[dict[str, Any]], list[Row]]
    """Of one year of an aggregate."""

    def rows(self, aggregate: dict[str, Any]) -> list[Row]:
        return [[year["year"], *row] for year in aggregate["years"] for row in self.rows_of(year)]


def _labelled(labels: list[list[str]], table: list[list[int]], whole: list[str]) -> list[Row]:
    """Labels beside the published figures; the last row is the sum."""
    if not table:
        return []
    return [
        [*label, *cells] for label, cells in zip([*labels, whole], published(table), strict=True)
    ]


def _units(year: dict[str, Any]) -> list[Row]:
    labels = [[block["unit_code"], block["unit_name"]] for block in year["blocks"]]
    table = [[block["reached"], block["missing"]] for block in year["blocks"]]
    return _labelled(labels, table, ["40", "Toàn tỉnh Nghệ An"])


def _ages(year: dict[str, Any]) -> list[Row]:
    labels = [[age["age_band"], age["age_name"]] for age in year["ages"]]
    table = [
        [
            sum(age[status.value] for status in REACHED),
            sum(age[status.value] for status in Status if status not in REACHED),
        ]
        for age in year["ages"]
    ]
    return _labelled(labels, table, ["all", "Mọi độ tuổi"])


def _participations(year: dict[str, Any]) -> list[Row]:
    groups = year["participations"]
    labels = [[group["audience"], group["audience_name"]] for group in groups]
    table = [[group[topic.value] for topic in ECOMMERCE_TOPICS] for group in groups]
    return _labelled(labels, table, ["all", "Mọi nhóm"])


DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "can-bo-theo-don-vi",
            _("Staff trained in digital skills, by unit"),
            _("Cadres, civil servants and public employees reached and not reached each year."),
            ("year", "unit_code", "unit_name", "reached", "missing", "headcount"),
            _units,
        ),
        Dataset(
            "can-bo-theo-do-tuoi",
            _("Staff trained in digital skills, by age"),
            _("The same people by the age that they reach in the year."),
            ("year", "age_band", "age_name", "reached", "missing", "headcount"),
            _ages,
        ),
        Dataset(
            "luot-thuong-mai-dien-tu",
            _("Participations in e-commerce training, by group"),
            _("One person in one class is one participation; by group and topic."),
            ("year", "audience", "audience_name", *(t.value for t in ECOMMERCE_TOPICS), "all"),
            _participations,
        ),
    )
}


def address(path: str = "") -> str:
    return f"{settings.PUBLIC_URL}/du-lieu-mo/{path}"


def catalogue(aggregate: dict[str, Any] | None) -> dict[str, Any]:
    """The catalogue as JSON-LD in the words of DCAT 2."""
    modified = aggregate["day"] if aggregate else None
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@id": address(),
        "@type": "dcat:Catalog",
        "dct:title": "Dữ liệu mở: đào tạo kỹ năng số tỉnh Nghệ An",
        "dct:language": "vi",
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": PUBLISHER},
        "dct:license": {"@id": LICENCE},
        "dcat:dataset": [_described(dataset, modified) for dataset in DATASETS.values()],
    }


def _described(dataset: Dataset, modified: str | None) -> dict[str, Any]:
    return {
        "@id": address(f"{dataset.name}.json"),
        "@type": "dcat:Dataset",
        "dct:identifier": dataset.name,
        "dct:title": str(dataset.title),
        "dct:description": str(dataset.description),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": PUBLISHER},
        "dct:license": {"@id": LICENCE},
        "dct:modified": modified,
        "dct:accrualPeriodicity": {
            "@id": "http://publications.europa.eu/resource/authority/frequency/DAILY"
        },
        "dcat:keyword": ["chuyển đổi số", "kỹ năng số", "đào tạo", "Nghệ An"],
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:downloadURL": {"@id": address(f"{dataset.name}.{ending}")},
                "dcat:mediaType": media,
                "dct:license": {"@id": LICENCE},
            }
            for ending, media in (("csv", "text/csv"), ("json", "application/json"))
        ],
    }
