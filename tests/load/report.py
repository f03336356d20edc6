"""What a stage of the day showed, in words, and what it means for the number of machines."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

JOURNEY = "JOURNEY"
BUSY = 0.6
"""Of a core, in the peak hour: the rest is for the peak within the hour."""
BENT = 3
"""Times the waiting of the first stage."""

HOURLY = {
    "the province's wave of 2023, 45,200 people in ten weeks": 300,
    "the country, 2,200,000 people, in the same way": 15_000,
    "the first hour of a campaign of the country": 100_000,
}
"""Journeys in the busiest hour: a third of a working day's. docs/load.md counts them."""


@dataclass
class Stage:
    name: str
    visitors: int
    seconds: float
    rows: list[dict[str, str]]
    """Of Locust's table, one for each kind of request and one for the whole journey."""
    cpu: dict[str, float]
    """Seconds by server."""
    papers: int = 0
    """Of the stage's class, issued by its end."""

    @property
    def failures(self) -> int:
        return sum(int(row["Failure Count"]) for row in self.rows)

    @property
    def requests(self) -> list[dict[str, str]]:
        return [row for row in self.rows if row["Type"] != JOURNEY]

    @property
    def journeys(self) -> int:
        return sum(int(row["Request Count"]) for row in self.rows if row["Type"] == JOURNEY)

    @property
    def p95(self) -> float:
        """Milliseconds: of the kind of request in the middle, whatever a few rare ones do."""
        return median(float(row["95%"]) for row in self.requests)

    @property
    def cpu_of_journey(self) -> float:
        """Seconds, with all that went on beside it."""
        return sum(self.cpu.values()) / max(self.journeys, 1)

    def words(self) -> str:
        count = sum(int(row["Request Count"]) for row in self.requests)
        spent = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.cpu.items())
        whole = sum(self.cpu.values())
        lines = [
            f"\n{self.name}, {self.seconds:.0f} s:",
            (
                f"  {count} requests ({count / self.seconds:.1f} a second), {self.failures} errors,"
                f" {self.journeys} journeys ended, {self.papers} papers issued"
            ),
            *(
                f"  {row['Type']:<8}{row['Name']:<34}{row['Request Count']:>7}"
                f"   p50 {row['50%']:>6} ms   p95 {row['95%']:>6} ms   p99 {row['99%']:>6} ms"
                for row in self.rows
            ),
            (
                f"  CPU: {spent}; {whole / self.seconds:.2f} cores;"
                f" {whole / max(count, 1) * 1000:.1f} ms a request,"
                f" {self.cpu_of_journey * 1000:.0f} ms a journey with all beside it"
            ),
        ]
        return "\n".join(lines) + "\n"


def bend(stages: list[Stage]) -> str:
    """Between which stages waiting grows out of proportion to the visitors."""
    first = stages[0]
    for before, after in pairwise(stages):
        if after.p95 > BENT * first.p95:
            return (
                f"It bends between {before.visitors} and {after.visitors} visitors at once: p95 of"
                f" the kind in the middle {before.p95:.0f} ms, then {after.p95:.0f} ms."
            )
    return (
        f"It does not bend up to {stages[-1].visitors} visitors at once: p95 of the kind in the"
        f" middle {first.p95:.0f} ms, then {stages[-1].p95:.0f} ms."
    )


def machines(stage: Stage) -> str:
    """How many cores, all servers together, the busiest hours need by this stage's CPU."""
    hourly = 3600 * BUSY / stage.cpu_of_journey
    lines = [f"A core carries {hourly:,.0f} journeys an hour, as {stage.name} cost:"]
    lines += [f"  {wave}: {count / hourly:.1f} cores" for wave, count in HOURLY.items()]
    return "\n".join(lines)
