"""A list of the province's staff: what a row costs when it is checked, applied, and sent again.

    python -m tests.bench.lists --rows 70000

measures in a database of its own, made anew: a file of SQLite, or beside that of DATABASE_URL.
Rows per second of the process's own time; what PostgreSQL does meanwhile is not in it.
"""

import argparse
import io
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

DAY = date(2026, 6, 1)
ROWS = 70_000
HEADINGS = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Mã cán bộ", "Mã đơn vị", "Tên đơn vị",
            "Phân loại", "Chức vụ", "Số điện thoại", "Kiêm nhiệm", "Cán bộ CNTT"]  # fmt: skip
FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ"]
MIDDLES = ["Thị", "Văn", "Đức", "Thanh", "Minh", "Ngọc", "Hữu", "Quang", "Thu", "Xuân", "Đình"]
GIVEN = ["Hoa", "Minh", "Lan", "Hòa", "Tuấn", "Hùng", "Dũng", "Hương", "Thảo", "Trang", "Linh",
         "Nam", "Sơn", "Hải", "Thủy", "Vân", "Yến", "Nga", "Cường", "Phúc", "Bình", "An", "Chi",
         "Diệp", "Giang", "Khoa", "Mai", "Oanh", "Phương"]  # fmt: skip
KINDS = ["Cán bộ", "Công chức", "Viên chức", "Hợp đồng lao động"]
TITLES = ["Giáo viên", "Chuyên viên", "Văn thư", "Kế toán", "Phó trưởng phòng", "Bác sĩ hạng III"]


def the_list(rows: int, units: list[tuple[str, str]]) -> bytes:
    """The same list each time, in the order of its units; dates as text, one in ten as Excel's."""
    dice = random.Random(26)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": False, "default_date_format": "dd/mm/yy"})
    sheet = book.add_worksheet("Danh sách")
    sheet.write_row(0, 0, ["DANH SÁCH CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC"])
    sheet.write_row(2, 0, HEADINGS)
    for number in range(rows):
        code, unit = units[number * len(units) // rows]
        born = date(1964, 1, 1) + timedelta(days=dice.randrange(14_000))
        name = " ".join(dice.choice(words) for words in (FAMILIES, MIDDLES, MIDDLES, GIVEN))
        sheet.write_row(
            number + 3,
            0,
            [
                number + 1,
                name.upper() if dice.random() < 0.2 else name,
                born if dice.random() < 0.1 else f"{born:%d/%m/%Y}",
                f"040{dice.randrange(2)}{born:%y}{number:06}",
                f"NV{number:06}",
                code,
                unit,
                dice.choice(KINDS),
                dice.choice(TITLES),
                f"09{number:08}",
                "",
                "x" if number % 200 == 0 else "",
            ],
        )
    book.close()
    return file.getvalue()


def measure(rows: int) -> Iterator[tuple[str, float]]:
    """What each step costs in CPU seconds, in the order in which an officer takes them."""
    from learners.imports.staff import apply_list, check_list, open_list
    from learners.models import StaffImport
    from learners.tree import tree_on

    tree = tree_on(DAY)
    units = [(node.code, node.name) for node in tree.nodes.values()][:500]
    data = the_list(rows, units)
    for outcome, called in (("created", ""), ("unchanged", " again, nothing new")):
        begun = time.process_time()
        run, sheet = open_list(data, name="do.xlsx", unit=None, effective_on=DAY)
        yield f"opened{called}", time.process_time() - begun
        for state, step in (("checking", check_list), ("applying", apply_list)):
            StaffImport.objects.filter(pk=run.pk).update(state=state, read=0)
            begun = time.process_time()
            step(run, sheet)
            yield f"{step.__name__.split('_')[0]}{called}", time.process_time() - begun
            run.refresh_from_db()
            if run.counts.get(outcome) != rows:
                raise SystemExit(f"list of staff: {run.counts}")


def told(rows: int) -> None:
    """Say it while it is measured."""
    write = sys.stdout.write
    spent = 0.0
    for step, seconds in measure(rows):
        spent = seconds if step.startswith("opened") else spent + seconds
        line = f"list of staff: {step:<36}{seconds:>8.2f} CPU s{rows / seconds:>10,.0f} rows a s"
        if step.startswith("apply"):
            line += f"{rows / spent:>10,.0f} from opening to here"
        write(f"{line}\n")
        sys.stdout.flush()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    write(f"list of staff: {rows:,} rows, at most {peak:,.0f} MB\n")


def lists() -> dict[str, Callable[[], object]]:
    """For the table of all work, only where these rows alone are asked for: it takes a minute."""
    if not any("list of staff" in word for word in sys.argv):
        return {}
    from django.db import transaction

    done: list[bool] = []

    def once() -> None:
        if not done:
            done.append(True)
            with transaction.atomic():
                told(int(os.environ.get("LIST_ROWS", ROWS)))
                transaction.set_rollback(True)

    return {"list of staff: the province's (told above)": once}


@contextmanager
def _own_database() -> Iterator[None]:
    from django.core.management import call_command
    from django.db import connection

    name = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}_lists" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}_lists"')
        connection.close()
        connection.settings_dict["NAME"] = f"{name}_lists"
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("import_agencies", verbosity=0, stdout=io.StringIO())
    from tests.factories.learning import this_period

    this_period()
    yield
    if connection.vendor == "postgresql":
        connection.close()
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}_lists" WITH (FORCE)')


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=ROWS)
    asked = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lists-"))
    os.environ |= {"DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    try:
        with _own_database():
            told(asked.rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
