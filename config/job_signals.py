"""Jobs carry the id of the request that queued them, and are counted."""

import time
from contextlib import ExitStack

from celery.signals import before_task_publish, task_postrun, task_prerun

from core import metrics
from core.tracing import current_id, traced

_HEADER = "request_id"
# Of the jobs that run in this process at the moment, by their id: one, but for jobs called by jobs.
_running: dict[str, tuple[ExitStack, float]] = {}


def connect() -> None:
    """Called once, when all apps are there."""
    before_task_publish.connect(_pass_id_on, dispatch_uid="pass_request_id_on")
    task_prerun.connect(_begin, dispatch_uid="begin_job_trace")
    task_postrun.connect(_end, dispatch_uid="end_job_trace")


def _pass_id_on(headers: dict | None = None, **_kwargs) -> None:
    if headers is not None and current_id():
        headers[_HEADER] = current_id()


def _begin(task_id: str, task, **_kwargs) -> None:
    stack = ExitStack()
    # What beat starts belongs to no request: then the job's own id goes on to what it queues.
    stack.enter_context(traced(task.request.get(_HEADER) or task_id))
    _running[task_id] = (stack, time.perf_counter())


def _end(task_id: str, task, state: str | None = None, **_kwargs) -> None:
    stack, started = _running.pop(task_id, (None, 0.0))
    if stack is None:
        return
    stack.close()
    metrics.JOBS.labels(task.name, (state or "unknown").lower()).inc()
    metrics.JOB_SECONDS.labels(task.name).observe(time.perf_counter() - started)
