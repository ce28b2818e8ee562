"""Payouts in the console: finance alone, each with their own right, and details only where somebody looked them up."""

import csv
import io

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.models import Payout, PayoutBatch
from commerce.sealing import seal
from commerce.tests.payouts import IBAN, approved, batch_of, details_of, finance, paid, payout_of, seller_with
from core.models import AuditEntry

pytestmark = pytest.mark.django_db
# The console's dialogs mark their form with it.
SUBMITTED = {"_form_submitted": "on"}
PAYOUT_ACTIONS = ["approve", "decline", "take_back", "reveal"]
BATCH_ACTIONS = ["mark_paid", "discard"]
WORDS = {"reason": "The name does not match.", "reference": "SEPA 17", **SUBMITTED}


def address(thing, what: str) -> str:
    return reverse(f"admin:commerce_{thing._meta.model_name}_{what}", args=[thing.pk])


@pytest.fixture
def payout():
    return payout_of(seller_with("2000.00", username="mira"), "100.00")


@pytest.fixture
def person(client):
    found = finance()
    client.force_login(found)
    return found


def in_group(name: str):
    found = UserFactory(staff=True)
    found.groups.add(Group.objects.get(name=name))
    return found


@pytest.mark.parametrize("group", [None, "Moderators", "Support agents"])
def test_nobody_but_finance_sees_or_does_anything(client, payout, group):
    client.force_login(in_group(group) if group else payout.seller)
    batch = batch_of(approved(payout))
    for thing, actions in ((payout, PAYOUT_ACTIONS), (batch, [*BATCH_ACTIONS, "download"])):
        name = thing._meta.model_name
        assert client.get(reverse(f"admin:commerce_{name}_changelist")).status_code in (302, 403)
        assert client.get(address(thing, "change")).status_code in (302, 403)
        for action in actions:
            assert client.get(address(thing, action)).status_code in (302, 403)
            assert client.post(address(thing, action), WORDS).status_code in (302, 403)
    payout.refresh_from_db()
    assert payout.status == Payout.Status.APPROVED
    assert not AuditEntry.objects.filter(action="payout_details.revealed").exists()


def test_each_deed_needs_its_own_right(client, payout):
    client.force_login(
        UserFactory(staff=True, permissions=["commerce.view_payout", "commerce.view_payoutbatch"])
    )
    batch = batch_of(approved(payout))
    assert client.get(address(payout, "change")).status_code == 200
    for thing, actions in ((payout, PAYOUT_ACTIONS), (batch, [*BATCH_ACTIONS, "download"])):
        for action in actions:
            assert client.post(address(thing, action), WORDS).status_code == 403


def test_finance_changes_no_payout_by_hand(client, payout, person):
    assert client.post(address(payout, "change"), {"amount": "1"}).status_code == 403
    assert client.post(address(payout, "delete"), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:commerce_payout_add")).status_code == 403


def test_the_list_and_the_page_show_only_what_is_masked(client, payout, person):
    for where in (reverse("admin:commerce_payout_changelist"), address(payout, "change")):
        page = client.get(where).content.decode()
        assert "DE89 •••• 3000" in page
        assert "0532013000" not in page
        assert "Ana Ruiz" not in page


def test_details_in_full_are_shown_once_and_recorded(client, payout, person):
    assert IBAN not in client.get(address(payout, "reveal")).content.decode()
    assert not AuditEntry.objects.filter(action="payout_details.revealed").exists()
    page = client.post(address(payout, "reveal"), SUBMITTED).content.decode()
    assert IBAN in page
    assert "Ana Ruiz" in page
    assert AuditEntry.objects.get(action="payout_details.revealed").actor == person


def test_details_that_no_key_opens_are_an_error_in_words(client, payout, person, settings):
    settings.SECRET_KEY = "another one " * 5
    client.force_login(person)
    response = client.post(address(payout, "reveal"), SUBMITTED, follow=True)
    assert "cannot be opened" in response.content.decode()


def test_two_people_approve_and_a_third_pays(client, settings):
    payout = payout_of(seller_with("2000.00"), "1000.00")
    ana, boris = finance(), finance()
    for who, status in ((ana, "requested"), (ana, "requested"), (boris, "approved")):
        client.force_login(who)
        client.post(address(payout, "approve"), SUBMITTED)
        payout.refresh_from_db()
        assert payout.status == status
    chosen = {"action": "put_into_batches", "_selected_action": [payout.pk]}
    response = client.post(reverse("admin:commerce_payout_changelist"), chosen)
    batch = PayoutBatch.objects.get()
    assert response.url == address(batch, "change")
    assert client.get(response.url).status_code == 200
    client.post(address(batch, "mark_paid"), {"reference": "", **SUBMITTED})
    payout.refresh_from_db()
    assert payout.status == "approved"
    client.post(address(batch, "mark_paid"), WORDS)
    payout.refresh_from_db()
    assert (payout.status, payout.batch.reference, payout.batch.paid_by) == ("paid", "SEPA 17", boris)
    client.post(address(payout, "take_back"), WORDS)
    payout.refresh_from_db()
    assert (payout.status, payout.end_reason) == ("returned", "The name does not match.")


def test_a_reason_is_needed_to_decline(client, payout, person):
    client.post(address(payout, "decline"), {"reason": "", **SUBMITTED})
    payout.refresh_from_db()
    assert payout.status == "requested"
    client.post(address(payout, "decline"), WORDS)
    payout.refresh_from_db()
    assert (payout.status, payout.end_reason) == ("declined", "The name does not match.")


def test_what_cannot_be_done_any_more_is_said(client, payout, person):
    paid(payout)
    for action in ("approve", "decline"):
        (message,) = client.post(address(payout, action), WORDS, follow=True).context["messages"]
        assert message.level_tag == "error"
    assert address(payout, "approve") not in client.get(address(payout, "change")).content.decode()


def test_the_filter_shows_what_waits_for_this_person(client, payout, person):
    mine = payout_of(seller_with("2000.00"), "1000.00")
    client.post(address(mine, "approve"), SUBMITTED)
    page = client.get(reverse("admin:commerce_payout_changelist"), {"todo": "mine"}).content.decode()
    assert payout.number in page
    assert mine.number not in page
    approved(payout)
    page = client.get(reverse("admin:commerce_payout_changelist"), {"todo": "batch"}).content.decode()
    assert payout.number in page


def test_the_banks_file_has_everything_in_full_and_taking_it_is_recorded(client, person):
    seller = seller_with("100.00")
    seller.payout_details.all().delete()
    details = details_of(seller)
    details.sealed = seal({"holder": "=cmd|' /C calc'!A0", "iban": IBAN, "bic": "DEUTDEFF"}, owner=seller.pk)
    details.save()
    payout = approved(payout_of(seller, "60.00"))
    batch = batch_of(payout)
    response = client.get(address(batch, "download"))
    header, row = csv.reader(io.StringIO(b"".join(response).decode()))
    assert header == ["payout", "name", "country", "iban", "bic", "amount", "currency", "reference"]
    assert row == [
        payout.number,
        "'=cmd|' /C calc'!A0",
        "ES",
        IBAN,
        "DEUTDEFF",
        "60.00",
        "USD",
        f"Lathe payout {payout.number}",
    ]
    assert AuditEntry.objects.get(action="payout_batch.exported").actor == person
    client.post(address(batch, "mark_paid"), WORDS)
    assert client.get(address(batch, "download")).status_code == 302


@pytest.mark.parametrize("name", ["payout", "payoutbatch"])
def test_the_number_of_queries_does_not_grow(client, person, name):
    def queries(count: int) -> int:
        while Payout.objects.count() < count:
            batch_of(approved(payout_of(seller_with("100.00"), "50.00")))
        client.get(reverse(f"admin:commerce_{name}_changelist"))
        with CaptureQueriesContext(connection) as found:
            client.get(reverse(f"admin:commerce_{name}_changelist"))
        return len(found)

    assert queries(1) == queries(12) == queries(24)


def test_the_page_of_a_batch_asks_once_for_its_sellers(client, person):
    def queries(count: int) -> int:
        batch = batch_of(*(approved(payout_of(seller_with("100.00"), "50.00")) for _ in range(count)))
        client.get(address(batch, "change"))
        with CaptureQueriesContext(connection) as found:
            client.get(address(batch, "change"))
        return len(found)

    assert queries(1) == queries(6)
