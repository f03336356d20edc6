"""The standard tasks interface on the table of jobs.

Lower apps write `from django_tasks import task` and enqueue; how the work is carried is
decided here alone (docs/decisions/0003-jobs.md).
"""

from typing import Any, TypeVar

from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

T = TypeVar("T")

# This module is imported when the first task is declared, which may be before the models
# are ready: hence home.models and home.jobs.queue are imported where they are used.


class JobBackend(BaseTaskBackend):
    """Writes the call as a row in the caller's transaction: it rolls back with it."""

    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        from home.jobs.broker import publish_after_commit
        from home.jobs.queue import queue_of
        from home.models import Job

        self.validate_task(task)
        now = timezone.now()
        job = Job.objects.create(
            task=task.module_path,
            args=normalize_json(list(args)),
            kwargs=normalize_json(kwargs),
            queue=queue_of(task),
            priority=task.priority,
            run_after=task.run_after or now,
        )
        if job.run_after <= now:
            # Later ones are swept up when their time has come: the broker keeps no times.
            publish_after_commit(job)
        return _result(task, job)

    def get_result(self, result_id: str) -> TaskResult:
        from django.utils.module_loading import import_string

        from home.models import Job

        job = Job.objects.filter(pk=result_id).first() if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return _result(import_string(job.task), job)


def _result(task: Task, job: Any) -> TaskResult:
    status = {
        "waiting": TaskResultStatus.READY,
        "running": TaskResultStatus.RUNNING,
        "done": TaskResultStatus.SUCCESSFUL,
        "dead": TaskResultStatus.FAILED,
        "cancelled": TaskResultStatus.FAILED,
    }[job.state]
    result: TaskResult = TaskResult(
        task=task,
        id=str(job.pk),
        status=status,
        enqueued_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.started_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=task.backend,
        errors=[TaskError(exception_class_path="builtins.Exception", traceback=job.error)]
        if job.error
        else [],
        worker_ids=[],
    )
    # The library has no other door for it.
    object.__setattr__(result, "_return_value", job.result)
    return result
