"""What other systems are told: by whose leave, always the same, and never about a person."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO

import openpyxl
import pypdfium2
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from home.feeds.aggregates import write_aggregate
from home.feeds.tasks import write_night
from home.feeds.urls import urlpatterns
from home.models import Aggregate, ApiClient
from learners.choices import Role, Status
from learners.models import Denominator
from tests.factories.reports import (
    World,
    ecommerce_class,
    on_23_november,
    participation,
    person,
    recount,
    viewer,
    world,
)

ALL = ["--scope", "indicators", "--scope", "units", "--scope", "aggregates"]


@pytest.fixture(autouse=True)
def fixed_day() -> Iterator[None]:
    with on_23_november():
        yield


@pytest.fixture
def province(db: None) -> World:
    found = world()
    group = ecommerce_class()
    for number in range(12):
        status = Status.CLASS if number < 7 else Status.NOTHING
        someone = person(
            f"Nguyễn Văn {number}", found.hospital, status, birth_date=date(1990, 1, 1)
        )
        if number < 6:
            participation(someone, group)
    for number in range(9):
        person(f"Vi Văn {number}", found.school, Status.ONLINE if number < 3 else Status.NOTHING)
    return recount(found)


def token(*arguments: str, name: str = "Hệ thống báo cáo tỉnh") -> str:
    out = StringIO()
    call_command("make_api_client", name, *arguments, stdout=out)
    return out.getvalue().strip()


def ask(client: Client, path: str, key: str, **more: str):
    headers = {"Authorization": f"Bearer {key}"} | more.pop("headers", {})
    return client.get(f"/api/v1/{path}", more, headers=headers)


# ------------------------------------------------------------------ the same number everywhere


def test_one_number_on_tile_list_workbook_paper_csv_api_and_open_data(
    province: World, client: Client
):
    client.force_login(viewer("thinh", Role.LEADER, province.province))
    key = token(*ALL)
    write_night.call()

    tile = client.get("/bao-cao/").context["counts"].reached
    overview = client.get("/bao-cao/tong-quan/").context["overview"].counts.reached
    listed = client.get("/bao-cao/danh-sach/", {"trang-thai": "reached"})
    names = re.findall(r'<th scope="row">(.*?)</th>', listed.content.decode())
    download = "/bao-cao/danh-sach/tai-ve/?trang-thai=reached&dang="
    book = openpyxl.load_workbook(BytesIO(client.get(f"{download}xlsx").getvalue())).active
    in_book = [row for row in book.iter_rows(values_only=True) if "Kết quả" in str(row) or row[7]]
    in_csv = list(csv.reader(StringIO(client.get(f"{download}csv").getvalue().decode())))[1:]
    units_pdf = client.get("/bao-cao/don-vi/tai-ve/?dang=pdf").getvalue()
    with pypdfium2.PdfDocument(units_pdf) as document:
        paper = " ".join(document[0].get_textpage().get_text_range().split())
    records = ask(client, "indicators.json", key).json()["records"]
    sheet = openpyxl.load_workbook(BytesIO(ask(client, "indicators.xlsx", key).getvalue())).active
    rows_of_api = [row for row in sheet.iter_rows(values_only=True) if "2026:staff" in str(row[0])]
    open_rows = client.get("/du-lieu-mo/can-bo-theo-don-vi.json").json()["rows"]
    warehouse = ask(client, "aggregates.json", key).json()["years"][-1]

    assert tile == 10
    assert {
        "overview": overview,
        "list": len(names),
        "xlsx": len([row for row in in_book if row[7] and hasattr(row[7], "year")]),
        "csv": len(in_csv),
        "pdf": int(re.search(r"Tổng cộng 21 (\d+) 11", paper).group(1)),
        "api": records[0]["numerator"],
        "api xlsx": rows_of_api[0][7],
        "open data": next(
            r["reached"] for r in open_rows if (r["year"], r["unit_code"]) == (2026, "40")
        ),
        "warehouse": sum(block["reached"] for block in warehouse["blocks"]),
    } == dict.fromkeys(
        ["overview", "list", "xlsx", "csv", "pdf", "api", "api xlsx", "open data", "warehouse"],
        tile,
    )


# ------------------------------------------------------------------ who may read


def test_token_is_kept_as_a_digest_alone(province: World):
    key = token("--scope", "units")

    kept = ApiClient.objects.values().get()
    assert key not in json.dumps(kept, default=str)
    assert kept["hint"] == key[:12]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic x", "Bearer \x00"])
def test_without_a_token_nothing_is_told(province: World, client: Client, header: str):
    response = client.get("/api/v1/units.json", headers={"Authorization": header})

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert response.json()["code"] == "no_token"


def test_scope_opens_its_own_door_alone(province: World, client: Client):
    key = token("--scope", "units")
    write_aggregate()

    doors = ["units.json", "indicators.json", "indicators.xlsx", "aggregates.json"]
    assert [ask(client, door, key).status_code for door in doors] == [200, 403, 403, 403]


def test_token_that_ran_out_or_was_withdrawn_opens_nothing(province: World, client: Client):
    key = token("--scope", "units", "--days", "1")
    ApiClient.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(client, "units.json", key).status_code == 401

    ApiClient.objects.update(expires_at=None, withdrawn_at=timezone.now())
    assert ask(client, "units.json", key).status_code == 401


def test_use_of_a_token_is_noted(province: World, client: Client):
    key = token("--scope", "units")

    ask(client, "units.json", key)

    assert ApiClient.objects.get().last_used_at == timezone.now()


def test_two_clients_have_two_names(db: None):
    token("--scope", "units")

    with pytest.raises(CommandError, match="already"):
        token("--scope", "units")


def test_administration_shows_a_token_once(db: None, client: Client):
    root = viewer("root")
    root.is_superuser = root.is_staff = True
    root.save()
    client.force_login(root)
    fields = {
        "name": "Kho dữ liệu",
        "contact": "",
        "scopes": ["units"],
        "expires_at": "2027-01-01 00:00",
    }

    response = client.post(reverse("api-clients:add"), fields, follow=True)

    [shown] = re.findall(r"hocso_[\w-]{43}", response.content.decode())
    assert ApiClient.objects.with_token(shown).made_by == root
    again = client.get(reverse("api-clients:index")).content.decode()
    assert re.findall(r"hocso_[\w-]{43}", again) == []

    made = ApiClient.objects.get()
    renewed = client.post(reverse("api-clients:new_token", args=[made.pk]), follow=True)
    [other] = re.findall(r"hocso_[\w-]{43}", renewed.content.decode())
    assert ApiClient.objects.with_token(shown) is None
    assert ApiClient.objects.with_token(other) == made
    client.post(reverse("api-clients:withdraw", args=[made.pk]))
    assert ApiClient.objects.with_token(other) is None


def test_token_without_end_or_scope_is_not_made(db: None, client: Client):
    root = viewer("root")
    root.is_superuser = root.is_staff = True
    root.save()
    client.force_login(root)

    for fields in (
        {"name": "A", "scopes": ["units"], "expires_at": ""},
        {"name": "A", "scopes": [], "expires_at": "2027-01-01 00:00"},
        {"name": "A", "scopes": ["units"], "expires_at": "2039-01-01 00:00"},
        {"name": "A", "scopes": ["people"], "expires_at": "2027-01-01 00:00"},
    ):
        client.post(reverse("api-clients:add"), fields)
    assert ApiClient.objects.count() == 0


# ------------------------------------------------------------------ what is told


def test_indicators_sum_up_the_tree_and_name_rule_and_definition(province: World, client: Client):
    found = ask(client, "indicators.json", token(*ALL)).json()

    staff = {r["unit_code"]: r for r in found["records"] if r["indicator"] == "staff_trained"}
    assert {code: (r["numerator"], r["denominator"]) for code, r in staff.items()} == {
        "40": (10, 21),
        "H41": (10, 21),
        "NA-SYT": (7, 12),
        "NA-BV": (7, 12),
        "NA-SGDDT": (3, 9),
        "NA-THPT": (3, 9),
    }
    assert staff["NA-SYT"]["key"] == "2026:staff_trained:NA-SYT:r1"
    assert staff["NA-SYT"]["value"] == 58.3
    assert staff["NA-SYT"]["definition_version"] == Denominator.objects.first().pk
    assert len({record["key"] for record in found["records"]}) == found["count"]


def test_same_figures_have_the_same_hash_on_the_next_day(province: World, client: Client):
    key = token(*ALL)
    today = ask(client, "indicators.json", key)
    with time_machine.travel("2026-11-24T09:00:00+07:00", tick=False):
        tomorrow = ask(client, "indicators.json", key)
    person("Trần Thị Mới", province.school, Status.CLASS)
    recount(province)
    changed = ask(client, "indicators.json", key)

    assert today.json()["hash"] == tomorrow.json()["hash"] != changed.json()["hash"]
    assert today["ETag"] != tomorrow["ETag"]


def test_unchanged_answer_is_not_sent_again(province: World, client: Client):
    key = token(*ALL)
    etag = ask(client, "indicators.json", key)["ETag"]

    again = ask(client, "indicators.json", key, headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")


def test_units_are_those_of_the_day(province: World, client: Client):
    key = token(*ALL)

    units = {u["code"]: u for u in ask(client, "units.json", key, on="2026-11-23").json()["units"]}

    assert units["NA-BV"]["parent_code"] == "NA-SYT"
    assert units["H41"]["parent_code"] is None
    assert ask(client, "units.json", key, on="2019-01-01").json()["units"] == []


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("indicators.json", {"year": "x"}, 400),
        ("indicators.json", {"year": "٢٠٢٦"}, 400),
        ("indicators.json", {"year": "1999"}, 404),
        ("units.json", {"on": "23/11/2026"}, 400),
        ("units.json", {"on": "2026-02-31"}, 400),
        ("aggregates.json", {"day": "2020-01-01"}, 404),
    ],
)
def test_bad_questions_get_a_sentence(
    province: World, client: Client, path: str, query: dict, status: int
):
    response = ask(client, path, token(*ALL), **query)

    assert response.status_code == status
    assert response.json()["message"]


def test_aggregate_of_a_night_is_written_once(province: World):
    first = write_aggregate()
    second = write_aggregate()

    assert (first.pk, first.document) == (second.pk, second.document)
    assert Aggregate.objects.count() == 1


def test_aggregate_reads_tallies_and_never_people(province: World):
    with CaptureQueriesContext(connection) as captured:
        write_aggregate()

    sql = " ".join(query["sql"] for query in captured)
    assert re.search(r'"learners_(standing|person|participation)"', sql) is None


def test_description_names_every_address(client: Client, db: None):
    described = client.get("/api/v1/openapi.json").json()["paths"]

    served = {f"/{p.pattern}" for p in urlpatterns if str(p.pattern).startswith("api/v1/")}
    assert {f"/api/v1{path}" for path in described} == served - {"/api/v1/openapi.json"}


def test_description_lists_every_field_of_a_record(province: World, client: Client):
    [record, *_others] = ask(client, "indicators.json", token(*ALL)).json()["records"]
    described = client.get("/api/v1/openapi.json").json()["components"]["schemas"]["Record"]

    assert list(record) == described["required"]


# ------------------------------------------------------------------ open data


def test_open_data_hides_small_cells(province: World, client: Client):
    write_aggregate()

    rows = client.get("/du-lieu-mo/can-bo-theo-don-vi.json").json()["rows"]

    assert [list(row.values())[1:] for row in rows if row["year"] == 2026] == [
        ["NA-SGDDT", "Sở Giáo dục và Đào tạo", None, None, 9],
        ["NA-SYT", "Sở Y tế", None, None, 12],
        ["40", "Toàn tỉnh Nghệ An", 10, 11, 21],
    ]


@pytest.mark.parametrize(
    "name", ["can-bo-theo-don-vi", "can-bo-theo-do-tuoi", "luot-thuong-mai-dien-tu"]
)
def test_csv_and_json_publish_the_same_rows(province: World, client: Client, name: str):
    write_aggregate()

    text = client.get(f"/du-lieu-mo/{name}.csv").getvalue().decode("utf-8-sig")
    titles, *rows = csv.reader(StringIO(text))
    found = client.get(f"/du-lieu-mo/{name}.json").json()["rows"]

    assert titles == list(found[0])
    assert rows == [["" if v is None else str(v) for v in row.values()] for row in found]
    figures = [v for row in found for k, v in row.items() if isinstance(v, int) and k != "year"]
    assert [figure for figure in figures if figure < 5] == []


def test_catalogue_leads_to_every_file(province: World, client: Client, settings):
    write_aggregate()
    found = json.loads(client.get("/du-lieu-mo/catalogue.jsonld").content)

    links = [
        distribution["dcat:downloadURL"]["@id"].removeprefix(settings.PUBLIC_URL)
        for dataset in found["dcat:dataset"]
        for distribution in dataset["dcat:distribution"]
    ]
    assert [client.get(link).status_code for link in links] == [200] * 6
    assert {dataset["dct:modified"] for dataset in found["dcat:dataset"]} == {"2026-11-23"}


def test_open_data_before_the_first_night(client: Client, db: None):
    assert client.get("/du-lieu-mo/").status_code == 200
    assert client.get("/du-lieu-mo/can-bo-theo-don-vi.csv").status_code == 404
    assert client.get("/du-lieu-mo/khong-co.json").status_code == 404
