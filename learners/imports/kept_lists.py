"""Lists that are kept until they are applied: read when they come, and their columns remembered."""

import hashlib
from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from courses.import_report import ImportRefused
from learners.choices import RowDecision, RowOutcome
from learners.imports.sheets import Aliases, Sheet, heading_key, open_sheet
from learners.models import HeadingMapping
from learners.models.kept_lists import KeptList
from learners.personal_numbers import KeysDoNotFit

LARGEST_BYTES = 30 * 2**20
MOST_ROWS = 200_000
AT_A_TIME = 1000


def read_list(data: bytes, columns: Aliases) -> tuple[Sheet, int]:
    """The table and how many rows it has. Raises ImportRefused for what is none, or too much."""
    if len(data) > LARGEST_BYTES:
        raise ImportRefused(
            _("The file is larger than %(n)d MB. Cut the list in two.") % {"n": LARGEST_BYTES >> 20}
        )
    sheet = open_sheet(data, columns)
    total = sum(1 for _row in sheet.rows())
    if not total:
        raise ImportRefused(_("There are no rows below the headings."))
    if total > MOST_ROWS:
        raise ImportRefused(
            _("The list has more than %(n)d rows. Cut it in two.") % {"n": MOST_ROWS}
        )
    return sheet, total


def sheet_of_list(run: KeptList, columns: Aliases) -> Sheet:
    """The table of a kept list. Raises ImportRefused when the file can no longer be opened."""
    try:
        return open_sheet(run.data(), columns, measured=True)
    except (FileNotFoundError, KeysDoNotFit) as error:
        raise ImportRefused(_("The file is no longer kept. Send it again.")) from error


def mapping_key(sheet: Sheet, about: str = "") -> str:
    """One for each set of headings, in whatever order they stand; `about` tells lists of other
    things apart from those of staff."""
    titles = "\n".join(heading_key(title) for title in sheet.headings.titles)
    return hashlib.sha256(f"{about}{titles}".encode()).hexdigest()


def remembered_places(sheet: Sheet, about: str = "") -> dict[str, int]:
    """What the columns of this set of headings were said to mean before."""
    known = HeadingMapping.objects.filter(key=mapping_key(sheet, about)).first()
    return dict(known.places) if known else {}


def keep_places(run: KeptList, sheet: Sheet, places: Mapping[str, int], about: str = "") -> None:
    """Take what the columns mean, and remember it for this set of headings."""
    HeadingMapping.objects.update_or_create(
        key=mapping_key(sheet, about), defaults={"places": dict(places)}
    )
    run.places = dict(places)
    run.save(update_fields=["places"])


def accept_repairs(run: Any) -> None:
    """Accept every repair that is proposed as it stands; lists of businesses call a refused row the
    same."""
    rows = run.rows.filter(outcome=RowOutcome.REFUSED).iterator(chunk_size=AT_A_TIME)
    able = (row.pk for row in rows if row.can_be_accepted)
    for batch in iter(lambda: list(islice(able, AT_A_TIME)), []):
        run.rows.filter(pk__in=batch).update(decision=RowDecision.ACCEPTED)
