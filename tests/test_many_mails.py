"""Mails in great numbers, by real workers and a real mail server: killed midway, and beside what cannot wait."""

import asyncio
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller

from accounts.tests.factories import UserFactory
from core.mail import send
from core.models import OutgoingMail
from core.tasks import BULK, send_mail
from core.tests.smtp import SmtpServer
from support.actions import campaigns
from support.models import MailCampaign
from support.tasks import queue_campaign
from support.tests.mailing import a_campaign, many_who_want_news
from tests.processes import Stack

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.full,
    pytest.mark.xdist_group("live test_many_mails"),
]

READERS = 10_000
JOBS = 100_000
SECONDS = 240
BROKER = 1
MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.MULTILINE | re.IGNORECASE)


class MailSystem:
    """Counts who got what. Falls silent over the mails of two places in line: one it has not taken, one it has."""

    def __init__(self, not_taken: int, taken: int) -> None:
        self.not_taken, self.taken = not_taken, taken
        self.asked = 0
        self.got: list[tuple[str, bytes]] = []
        self.is_silent, self.may_answer = threading.Event(), threading.Event()
        self.port = SmtpServer.free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server, session, envelope):
        self.asked += 1
        if self.asked != self.not_taken:
            self.got += [(who, MESSAGE_ID.search(envelope.content)[1]) for who in envelope.rcpt_tos]
        if self.asked in (self.not_taken, self.taken):
            self.may_answer.clear()
            self.is_silent.set()
            while not self.may_answer.is_set():
                await asyncio.sleep(0.05)
        return "250 Taken"


@pytest.fixture
def mail_system() -> Iterator[MailSystem]:
    system = MailSystem(READERS * 3 // 10, READERS * 6 // 10)
    system.controller.start()
    yield system
    system.may_answer.set()
    system.controller.stop()


@pytest.fixture
def workers(transactional_db, stack: Stack) -> Iterator[Stack]:
    """None of them runs; what the test starts is stopped, and what is left in the queues thrown away."""
    before = dict(stack.environment)
    stack.stop("worker", "bulk", "files")
    yield stack
    stack.stop("worker", "bulk")
    stack.environment = before


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def kill_when_silent(workers: Stack, system: MailSystem) -> None:
    assert system.is_silent.wait(SECONDS)
    workers.kill("bulk")
    system.is_silent.clear()
    system.may_answer.set()


def test_a_campaign_whose_worker_is_killed_twice_reaches_everybody_once(workers, mail_system):
    many_who_want_news(READERS)
    workers.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{mail_system.port}"
    campaign = a_campaign()
    campaigns.start(campaign=campaign, by=None, queue=queue_campaign)
    for _ in range(2):
        workers.ensure("bulk")
        kill_when_silent(workers, mail_system)
        # As beat does once nobody has been heard of for some minutes.
        queue_campaign(campaign.pk)
    workers.ensure("bulk")
    wait_for(lambda: MailCampaign.objects.get(pk=campaign.pk).status == MailCampaign.Status.SENT)

    campaign.refresh_from_db()
    assert campaign.figures == {"sent": READERS - 2, "unknown": 2}
    got = Counter(who for who, _ in mail_system.got)
    assert got.most_common(1)[0][1] == 1, "none twice"
    in_doubt = set(campaign.deliveries.in_doubt().values_list("person__email", flat=True))
    everybody = {f"reader{number}@example.com" for number in range(READERS)}
    assert set(got) | in_doubt == everybody, "none lost: who has none is named"
    assert len(in_doubt - set(got)) == 1

    # A person decides to send the two again: one gets the mail, the other a copy that says it is one.
    campaigns.send_doubtful(campaign=campaign, by=UserFactory(admin=True), queue=queue_campaign)
    wait_for(lambda: MailCampaign.objects.get(pk=campaign.pk).status == MailCampaign.Status.SENT)
    assert {who for who, _ in mail_system.got} == everybody
    assert len({message_id for _, message_id in mail_system.got}) == READERS
    assert len(mail_system.got) == READERS + 1


def test_a_hundred_thousand_jobs_hold_up_no_mail_that_somebody_waits_for(workers, redis_databases):
    broker = redis_databases[BROKER]
    for queue in ("default", BULK):
        send_mail.apply_async((0,), queue=queue)
        job = broker.lindex(queue, 0)
        for _ in range(100):
            broker.lpush(queue, *[job] * (JOBS // 100))
    workers.ensure("worker", "bulk")
    mail = send(kind="accounts/restored", to=UserFactory())
    wait_for(lambda: OutgoingMail.objects.get(pk=mail.pk).status == OutgoingMail.Status.SENT)
    waiting = [broker.llen(queue) for queue in ("default", BULK)]
    workers.stop("worker", "bulk")
    broker.delete("default", BULK)
    assert min(waiting) > JOBS // 2
