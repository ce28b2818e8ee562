"""Bounties in the console: what each role may do, and that every deed is recorded."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.actions.bounties.ending import cancel
from commerce.models import Bounty, EscrowReturn
from commerce.tests.bounty_factories import open_bounty, submitted
from core.models import AuditEntry

pytestmark = pytest.mark.django_db

SUBMITTED = {"_form_submitted": "on"}


def in_role(name: str):
    person = UserFactory(staff=True)
    person.groups.add(Group.objects.get(name=name))
    return person


def deed(model: str, name: str, thing) -> str:
    return reverse(f"admin:commerce_{model}_{name}", args=[thing.pk])


def test_moderators_take_down_and_decide_nothing(client):
    bounty = open_bounty()
    submission = submitted(bounty)
    client.force_login(in_role("Moderators"))
    assert client.get(reverse("admin:commerce_bounty_changelist")).status_code == 200
    client.post(deed("bounty", "take_down", bounty), {"reason": "A weapon.", **SUBMITTED})
    bounty.refresh_from_db()
    assert bounty.is_removed and bounty.removal_reason == "A weapon."
    assert client.post(deed("bounty", "end", bounty), {"reason": "x", **SUBMITTED}).status_code == 403
    assert client.post(deed("bountysubmission", "award", submission), SUBMITTED).status_code == 403
    client.post(deed("bounty", "put_back", bounty), SUBMITTED)
    bounty.refresh_from_db()
    assert not bounty.is_removed and bounty.holds_money


def test_support_awards_and_ends_and_takes_nothing_down(client):
    first, second = submitted(open_bounty()), open_bounty()
    client.force_login(in_role("Support agents"))
    assert client.post(deed("bounty", "take_down", second), {"reason": "x", **SUBMITTED}).status_code == 403
    for page in (
        reverse("admin:commerce_bounty_changelist") + "?waiting=decision",
        reverse("admin:commerce_bounty_change", args=[first.bounty_id]),
        reverse("admin:commerce_bountysubmission_change", args=[first.pk]),
        reverse("admin:commerce_escrowreturn_changelist"),
        first.get_absolute_url(),
    ):
        assert client.get(page).status_code == 200
    client.post(deed("bountysubmission", "award", first), SUBMITTED)
    client.post(deed("bounty", "end", second), {"reason": "Its poster is gone.", **SUBMITTED})
    assert Bounty.objects.get(pk=first.bounty_id).is_awarded
    second.refresh_from_db()
    assert (second.status, second.close_reason) == ("cancelled", "Its poster is gone.")
    assert AuditEntry.objects.filter(action__in=["bounty.award", "bounty.cancel"]).count() == 2


def test_finance_sends_again_what_could_not_be_sent_back(client):
    bounty = open_bounty()
    cancel(bounty=bounty, by=bounty.creator)
    back = EscrowReturn.objects.get()
    back.fail("The card is closed.")
    client.force_login(in_role("Support agents"))
    assert client.post(deed("escrowreturn", "try_again", back), SUBMITTED).status_code == 403
    client.force_login(in_role("Finance"))
    client.post(deed("escrowreturn", "try_again", back), SUBMITTED)
    back.refresh_from_db()
    assert (back.status, back.attempt) == ("waiting", 2)
