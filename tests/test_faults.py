"""`make faults` kills a worker in each kind of job: a new kind needs something to work on."""

import re
from pathlib import Path

from tests.faults.subjects import SUBJECTS, TASK_MODULES, kinds_of_jobs

ROOT = Path(__file__).parents[1]
APPS = ("courses", "learners", "certificates", "home")


def test_each_kind_of_job_has_something_to_be_killed_at():
    assert sorted(kinds_of_jobs()) == sorted(SUBJECTS)


def test_every_module_with_tasks_is_known():
    found = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for app in APPS
        for file in (ROOT / app).rglob("*.py")
        if re.search(r"^@task\b", file.read_text("utf-8"), re.MULTILINE)
    }
    assert found == set(TASK_MODULES)
