"""Two web processes, one worker, PostgreSQL and Redis under more and more visitors.

First some learners come alone, which tells what one journey costs. Then learners, trainers,
officers and strangers come at once while a class's papers are issued, more of them in each stage.
Each is told with its errors, the 95th percentile of each kind of request and the CPU that servers
and databases spent; in the end where it bends, how many cores a wave needs, and whether what must
hold of the facts does. docs/load.md says what to make of it.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.report import HEALTHY
from tests.faults.servers import PostgreSQL, Redis, end, wait_until
from tests.faults.site import BEAT, ROOT, Site
from tests.load.report import Stage, bend, machines

TICKS = os.sysconf("SC_CLK_TCK")
WARM_UP = 8
SEATS = 40
"""Of each class, as tests.load.world makes them."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=3000)
    options.add_argument("--stages", type=int, nargs="+", default=[20, 60, 120])
    options.add_argument("--seconds", type=int, default=60, help="How long each stage lasts.")
    options.add_argument("--trainers", type=int, default=4, help="In each stage.")
    options.add_argument("--papers", type=int, default=100, help="Issued in each stage.")
    options.add_argument("--alone", type=int, default=24, help="Learners who come by themselves.")
    options.add_argument("--pause", type=float, default=1.0, help="Seconds between two steps.")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        postgresql, redis = PostgreSQL(place, max_connections=100), Redis(place)
        site = Site(
            place, DATABASE_URL=postgresql.url, REDIS_URL=redis.url,
            DJANGO_SETTINGS_MODULE="tests.load.settings",
        )  # fmt: skip
        try:
            return measure(site, postgresql, redis, asked)
        finally:
            site.close()
            redis.kill()
            postgresql.stop("immediate")


def measure(site: Site, postgresql: PostgreSQL, redis: Redis, asked: argparse.Namespace) -> int:
    sys.stdout.write(f"A world of {asked.people} people is being built\n")
    for words in (["migrate", "-v0"], ["load_demo", "--people", str(asked.people)]):
        site.run("manage.py", *words)
    site.run("manage.py", "run_jobs", "--until-empty")
    words = (len(asked.stages), asked.trainers)
    day = json.loads(site.script_of("tests.load.world", "prepare", *words))
    web = site.web(workers=2)
    worker = site.start("-m", "celery", "-A", "home", "worker", "--concurrency", "1", "-l", "ERROR")
    beat = site.start(*BEAT)
    servers = {
        "web": lambda: cpu_of(web.process.pid),
        "worker": lambda: cpu_of(worker.pid),
        "PostgreSQL": lambda: cpu_of(postgresql.pid()),
        "Redis": lambda: cpu_of(redis.process.pid),
    }
    alone, day["names"] = day["names"][: asked.alone], day["names"][asked.alone :]
    # The first who come wait for processes that still read their code, and pay for it.
    first, day["names"] = day["names"][:WARM_UP], day["names"][WARM_UP:]
    learners_alone(site, web.address, day | {"names": first}, servers, "first")
    wait_until(lambda: facts(site)["unfinished"] == 0, 120, "jobs of the first are left")
    quiet = told(learners_alone(site, web.address, day | {"names": alone}, servers, "alone"))
    stages = [
        told(run_stage(site, web.address, day, visitors, asked, servers, number))
        for number, visitors in enumerate(asked.stages)
    ]
    sys.stdout.write(f"\n{bend(stages)}\n{machines(quiet)}\n{machines(stages[0])}\n")
    failed = sum(stage.failures for stage in [quiet, *stages])
    wait_until(lambda: facts(site)["unfinished"] == 0, 600, "jobs are left")
    wrong = what_is_wrong(site, len(asked.stages), asked)
    sys.stdout.write(f"\nAfter it: {wrong or 'everything holds, recount 0'}\n")
    end(beat)
    return 1 if failed or wrong else 0


def told(stage: Stage) -> Stage:
    """The same, once it is said."""
    sys.stdout.write(stage.words())
    sys.stdout.flush()
    return stage


def facts(site: Site) -> dict[str, int]:
    return json.loads(site.script_of("tests.load.world", "after"))


def what_is_wrong(site: Site, stages: int, asked: argparse.Namespace) -> str:
    """The rules on the facts, the figures recounted, and as many check-ins as were sent."""
    found = facts(site)
    expected = HEALTHY | {"attendances": stages * asked.trainers * SEATS}
    wrong = {name: n for name, n in found.items() if n != expected[name]}
    recount = site.run("manage.py", "recount_targets", "--check").splitlines()
    wrong |= {line: 1 for line in recount if not line.endswith(" 0 differences")}
    return str(wrong) if wrong else ""


def learners_alone(site: Site, address: str, day: dict, servers: dict, name: str) -> Stage:
    """A few learners, step after step without a rest, and nobody else: what a journey costs."""
    seconds, rows, cpu = visit(site, address, day | {"classes": []}, servers, name, 4)
    return Stage(f"{len(day['names'])} learners alone", 4, seconds, rows, cpu)


def run_stage(
    site: Site, address: str, day: dict, visitors: int, asked: argparse.Namespace,
    servers: dict, number: int,
) -> Stage:  # fmt: skip
    share = len(day["names"]) // len(asked.stages)
    names = day["names"][number * share : (number + 1) * share]
    listed = site.script_of("tests.load.world", "issue", asked.papers, f"{number + 1}")
    seconds, rows, cpu = visit(
        site, address, day | {"names": names, "classes": day["classes"][number]}, servers,
        f"stage{number}", visitors, LOAD_PAUSE=str(asked.pause), LOAD_SECONDS=str(asked.seconds),
    )  # fmt: skip
    papers = int(site.script_of("tests.load.world", "issued", int(listed)))
    return Stage(f"{visitors} visitors at once", visitors, seconds, rows, cpu, papers)


def visit(
    site: Site, address: str, day: dict, servers: dict, name: str, visitors: int, **environment: str
) -> tuple[float, list[dict[str, str]], dict[str, float]]:
    """Locust's visitors, to their end: how long it took, its table, and the servers' CPU."""
    mine, prefix = site.folder / f"{name}.json", site.folder / name
    mine.write_text(json.dumps(day))
    limit = environment.pop("LOAD_SECONDS", "")
    words = ["-t", f"{limit}s"] if limit else ["Learner"]
    before, begun = {name: cpu() for name, cpu in servers.items()}, time.monotonic()
    told = subprocess.run(
        [sys.executable, "-m", "locust", "-f", "tests/load/locustfile.py", "--headless",
         "-u", str(visitors), "-r", str(max(2, visitors // 10)), *words,
         "--host", address, "--csv", str(prefix), "--only-summary", "--loglevel", "CRITICAL"],
        cwd=ROOT, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env=site.environment | {"LOAD_DAY": str(mine), "LOAD_PAUSE": "0"} | environment,
    )  # fmt: skip
    seconds = time.monotonic() - begun
    spent = {name: cpu() - before[name] for name, cpu in servers.items()}
    if not Path(f"{prefix}_stats.csv").exists():
        raise RuntimeError(f"nobody came: {told.stderr.strip()[-800:]}")
    with Path(f"{prefix}_stats.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["Name"] != "Aggregated"]
    return seconds, rows, spent


def cpu_of(pid: int) -> float:
    """Seconds that a process and all that descend from it have spent."""
    parents: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(entry.parent.name)
        parents.setdefault(int(fields[1]), []).append(number)
        # Of the process, and of its children that are gone.
        spent[number] = sum(int(value) for value in fields[11:15]) / TICKS
    total, waiting = 0.0, [pid]
    while waiting:
        number = waiting.pop()
        total += spent.get(number, 0.0)
        waiting += parents.get(number, [])
    return total


if __name__ == "__main__":
    raise SystemExit(main())
