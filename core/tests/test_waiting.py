"""What waits for the people of the console."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import waiting
from core.models import OutgoingMail
from core.waiting import Queue, Waiting

pytestmark = pytest.mark.django_db

QUEUE = Queue(
    key="test",
    label="Failed mail",
    permission="core.change_outgoingmail",
    rows=OutgoingMail.objects.failed,
    since="created_at",
    url_name="admin:core_outgoingmail_changelist",
    query="status__exact=failed",
)


def failed_mail(hours: float = 0) -> OutgoingMail:
    return OutgoingMail.objects.create(
        kind="test",
        to_address="a@example.com",
        subject="s",
        text="t",
        status=OutgoingMail.Status.FAILED,
        created_at=timezone.now() - timedelta(hours=hours),
    )


class Somebody:
    def __init__(self, *permissions):
        self.has_perm = permissions.__contains__


def test_nobody_is_told_of_queues_that_are_not_theirs(monkeypatch):
    monkeypatch.setattr(waiting, "_queues", {"test": QUEUE})
    assert waiting.queues_of(Somebody("core.view_outgoingmail")) == []
    assert [one.queue for one in waiting.queues_of(Somebody("core.change_outgoingmail"))] == [QUEUE]


def test_an_empty_queue_is_not_late():
    now = Waiting(QUEUE)
    assert (now.count, now.oldest, now.oldest_text, now.is_late) == (0, None, "", False)


def test_what_has_waited_longer_than_its_patience_is_late():
    failed_mail()
    assert not Waiting(QUEUE).is_late
    failed_mail(hours=25)
    now = Waiting(QUEUE)
    assert (now.count_text, now.oldest_text, now.is_late) == ("2", "the oldest 1 day ago", True)


def test_a_long_queue_is_not_counted_to_its_end(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(waiting, "MOST", 2)
    for _ in range(4):
        failed_mail()
    with django_assert_num_queries(2):
        now = Waiting(QUEUE)
        assert (now.count, now.count_text) == (3, "2+")
        assert now.oldest is not None


def test_the_address_leads_to_what_waits():
    assert QUEUE.url == "/admin/core/outgoingmail/?status__exact=failed"


def test_a_key_that_is_known_is_replaced(monkeypatch):
    monkeypatch.setattr(waiting, "_queues", {})
    waiting.register(QUEUE)
    waiting.register(Queue(**{**vars(QUEUE), "label": "Other words"}))
    assert [one.queue.label for one in waiting.queues_of(Somebody("core.change_outgoingmail"))] == [
        "Other words"
    ]
