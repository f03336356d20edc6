"""All rows, in the order in which they are measured and printed."""

from collections.abc import Callable, Iterator

from tests.bench.journeys import check_ins, journeys, questions
from tests.bench.lists import results_from_elsewhere, staff_list
from tests.bench.measuring import alone, measured
from tests.bench.pages import pages_of_leaders, pages_of_learners, recounts
from tests.bench.papers import drawings, mass_issue, single_issue
from tests.bench.rows import Measured, Row
from tests.bench.wire import page_weights
from tests.bench.workbooks import export_of_missing, long_workbook

Group = Callable[[], Iterator[Row | Measured]]

AT_EVERY_SIZE: dict[str, Group] = {
    "pages of learners": pages_of_learners,
    "pages of leaders": pages_of_leaders,
    "recounts": recounts,
    "journeys": journeys,
    "check-ins": check_ins,
    "single issue": single_issue,
    "class": mass_issue,
    "export": export_of_missing,
    "list of staff": staff_list,
}
"""What may cost more where there are more people."""

AT_ONE_SIZE: dict[str, Group] = {
    "results from elsewhere": results_from_elsewhere,
    "questions": questions,
    "XLSX": long_workbook,
    "drawings": drawings,
    "weights": page_weights,
}


def measure(groups: dict[str, Group], only: str = "") -> Iterator[Measured]:
    """Each row when it is measured. A group may hold its rows in a transaction of its own, which
    it rolls back behind the last: so it is always gone through to its end."""
    alone()
    for name, group in groups.items():
        if only in name:
            for row in group():
                yield row if isinstance(row, Measured) else measured(row)
