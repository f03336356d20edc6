"""The embedded form: one process that looks for due jobs twice a second."""

import logging
import os
import signal
import time
from collections.abc import Sequence
from types import FrameType

from django.db import close_old_connections

from home.jobs.queue import claim, enqueue_periodic, execute

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
CLOCK_SECONDS = 30


class Worker:
    """Runs jobs one after the other until told to stop, or until its parent is gone."""

    def __init__(self, *, queues: Sequence[str] = (), follow_parent: bool = False) -> None:
        self.stopping = False
        self.queues = queues
        self.parent = os.getppid() if follow_parent else None

    def run(self, *, until_empty: bool = False) -> None:
        """SIGTERM and SIGINT let the job at hand finish; kill -9 leaves it to the next worker."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        next_clock = 0.0
        while not self._is_over():
            try:
                if not until_empty and time.monotonic() >= next_clock:
                    enqueue_periodic()
                    next_clock = time.monotonic() + CLOCK_SECONDS
                if (job := claim(queues=self.queues)) is not None:
                    execute(job)
            except Exception:
                # The database is away for a moment: the rows are not.
                logger.exception("looking for jobs failed")
                close_old_connections()
                time.sleep(2)
                continue
            if job is None and until_empty:
                return
            if job is None:
                time.sleep(POLL_SECONDS)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _is_over(self) -> bool:
        orphaned = self.parent is not None and os.getppid() != self.parent
        return self.stopping or orphaned
