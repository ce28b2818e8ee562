"""What the demo's people ask support: once, at its time, by people who are there."""

import pytest
from django.utils import timezone

from config.demo import tickets
from config.demo.accounts import ensure_demo_accounts
from config.demo.catalogue import CATALOGUE
from config.demo.catalogue.tickets import CANNED, TICKETS
from support.figures import unknown_figures
from support.models import CannedAnswer, SupportMessage, SupportTicket, TicketNote

pytestmark = pytest.mark.django_db


def test_every_ticket_is_a_talk_that_could_have_been():
    slugs = {entry.slug for entry in CATALOGUE}
    for entry in TICKETS:
        assert entry.words[0].by == "asks"
        assert {word.by for word in entry.words} <= {"asks", "answers", "resolves", "notes"}
        hours = [word.hours_ago for word in entry.words]
        assert hours == sorted(hours, reverse=True)
        assert entry.about in {"", "order"} | slugs
    assert not any(unknown_figures(canned.body) for canned in CANNED)


def test_they_are_asked_once_and_at_their_time(settings, tmp_path):
    settings.VAR_DIR = str(tmp_path)
    people = ensure_demo_accounts()
    for _ in range(2):
        tickets.ask(people["agent"])
    asked = [entry for entry in TICKETS if entry.owner in people]
    assert SupportTicket.objects.count() == len(asked)
    said = [word for entry in asked for word in entry.words]
    assert TicketNote.objects.count() == sum(word.by == "notes" for word in said)
    assert SupportMessage.objects.said().count() == sum(word.by != "notes" for word in said)
    assert CannedAnswer.objects.count() == len(CANNED)
    resolved = SupportTicket.objects.get(rating=5)
    assert resolved.is_resolved
    assert resolved.created_at < resolved.resolved_at < timezone.now()
    assert SupportTicket.objects.waiting().exists()
