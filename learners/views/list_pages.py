"""A list behind a number as a sheet."""

from dataclasses import replace

from django.utils.translation import ngettext

from learners.choices import IndicatorCode
from learners.exports import Sheet
from learners.views.downloads import source_lines
from learners.views.frame import Frame
from learners.views.lists import ResultList


def list_sheet(
    frame: Frame,
    listing: ResultList,
    *,
    filters: str = "",
    indicator: IndicatorCode | None = None,
) -> Sheet:
    """Every row, in the order of the page."""
    text = ngettext("Total: %(count)s row", "Total: %(count)s rows", listing.count)
    totals = listing.totals
    return Sheet(
        name=listing.title,
        unit=frame.name,
        title=listing.title,
        source=source_lines(frame, indicator, filters),
        columns=[
            replace(column, total=totals.get(place)) for place, column in enumerate(listing.columns)
        ],
        rows=listing.cells(),
        total_label=text % {"count": listing.count},
    )
