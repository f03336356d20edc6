"""One line for each fault, and what must hold after it."""

import json
from dataclasses import dataclass

from tests.faults.servers import wait_until
from tests.faults.site import Site


@dataclass
class Row:
    name: str
    found: str
    fine: bool
    seconds: float = 0.0

    @staticmethod
    def head() -> "Row":
        return Row("fault", "what was found after it", fine=True)

    def line(self) -> str:
        verdict = ("holds" if self.fine else "BROKEN") if self.seconds else ""
        seconds = f"{self.seconds:.0f} s" if self.seconds else ""
        return f"{self.name:<62} {verdict:<7}{seconds:>6}  {self.found}"


HEALTHY = {
    "unfinished": 0,
    "dead": 0,
    "register_gaps": 0,
    "papers_missing": 0,
    "papers_doubled": 0,
    "figures_wrong": 0,
    "audit_log_broken": 0,
    "lists_open": 0,
    "documents_open": 0,
    "files_missing": 0,
    "papers_of_lists_missing": 0,
    "papers_unsigned": 0,
    "files_of_erased": 0,
    "mails_unsent": 0,
}


DUE_NOW = (
    "UPDATE home_job SET run_after = '2026-01-01 00:00:00' WHERE state = 'waiting' RETURNING id"
)
"""As if the time of every retry, and of what a wrong clock wrote, had come."""


def unfinished(site: Site) -> int:
    return int(site.ask("SELECT COUNT(*) FROM home_job WHERE state IN ('waiting', 'running')"))


def settle(site: Site, seconds: float = 90) -> None:
    """Until no job is left; what waits for a retry is due now, so that nobody waits here."""

    def is_over() -> bool:
        site.ask(DUE_NOW)
        return unfinished(site) == 0

    try:
        wait_until(is_over, seconds, "jobs were not finished in time")
    except TimeoutError as error:
        left = "task || ' ' || state || ' ' || attempts || ' ' || queue"
        example = site.ask(f"SELECT {left} FROM home_job WHERE state IN ('waiting', 'running')")
        raise TimeoutError(f"{unfinished(site)} jobs were not finished, e.g. {example}") from error


def hold(site: Site) -> str:
    """Every rule on the rows, and the product's own recount. Raises what does not hold."""
    found = json.loads(site.script("state"))
    wrong = {name: count for name, count in found.items() if count != HEALTHY[name]}
    if wrong:
        raise AssertionError(f"does not hold: {wrong}")
    recount = site.run("manage.py", "recount_targets", "--check").splitlines()
    if not all(line.endswith(" 0 differences") for line in recount):
        raise AssertionError(f"recount_targets --check: {recount}")
    return "0 lost, 0 doubled, registers without gaps, recount 0"
