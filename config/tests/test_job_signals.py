"""Jobs belong to the request that queued them."""

import logging

import pytest
from celery.app.task import Context

from config.celery import app
from config.job_signals import _begin, _end
from config.tasks import give_sign
from core.models import OutgoingMail
from core.tasks import queue_mail
from core.tracing import current_id, traced

logger = logging.getLogger(__name__)


def queued(queue: str) -> Context:
    """What a worker would know of the next job in `queue`."""
    with app.connection_for_read() as broker:
        message = broker.default_channel.basic_get(queue, no_ack=True)
    return Context(**message.headers)


@pytest.fixture
def job():
    """A task as a worker runs it, with what came with it from the queue."""

    def run(context: Context) -> str:
        give_sign.request_stack.push(context)
        try:
            _begin(task_id=context.id, task=give_sign)
            seen = current_id()
            _end(task_id=context.id, task=give_sign, state="SUCCESS")
        finally:
            give_sign.request_stack.pop()
        return seen

    return run


def test_a_job_carries_the_id_of_its_request(job):
    with traced("feedf00d"):
        queue_mail(OutgoingMail(pk=1))
    assert job(queued("mail")) == "feedf00d"
    assert current_id() == ""


def test_a_job_that_belongs_to_no_request_is_traced_by_its_own_id(job):
    queue_mail(OutgoingMail(pk=1))
    context = queued("mail")
    assert job(context) == context.id


def test_what_a_job_queues_carries_the_same_id_on():
    def queues_another():
        queue_mail(OutgoingMail(pk=2))

    context = Context(id="job-1", request_id="feedf00d")
    give_sign.request_stack.push(context)
    _begin(task_id="job-1", task=give_sign)
    queues_another()
    _end(task_id="job-1", task=give_sign, state="SUCCESS")
    give_sign.request_stack.pop()
    assert queued("mail").request_id == "feedf00d"


def test_an_end_without_a_beginning_breaks_nothing():
    _end(task_id="never-begun", task=give_sign, state="FAILURE")
