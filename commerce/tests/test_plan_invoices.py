"""Invoices and credit notes of times with a plan: in the series of all others, for their payer alone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.subscriptions.refunding import refund_period
from commerce.actions.subscriptions.subscribing import start_trial
from commerce.documents import credit_note_for, invoice_for, plan_invoice_for, print_missing, store
from commerce.documents.credit_notes import credit_note_data
from commerce.documents.invoices import invoice_data
from commerce.keeper import erase
from commerce.models import CreditNote, Interval, Invoice, SubscriptionPeriod
from commerce.tasks import print_plan_invoice
from commerce.tests.concurrency import at_once
from commerce.tests.factories import paid_order, tax_of
from commerce.tests.plans import COUNTRY, begin, first_plans, of, paid_periods, subscribed
from commerce.tests.refunding import failed, plan_credited, reloaded, scripted, succeeded
from core.models import OutgoingMail
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans(db):
    tax_of("21", country=COUNTRY)
    return first_plans()


@pytest.fixture
def period(plans) -> SubscriptionPeriod:
    (found,) = paid_periods(subscribed(UserFactory(full_name="Ana Ruiz"), plans["pro"]))
    return found


def addresses(period: SubscriptionPeriod, note: CreditNote) -> list[str]:
    return [
        reverse("commerce:plan_invoice", args=[period.public_id]),
        reverse("commerce:plan_credit_note", args=[period.public_id, note.number]),
    ]


def test_papers_are_for_their_payer_alone(client, plans):
    note = plan_credited(UserFactory())
    period = note.invoice.period
    for somebody in (None, UserFactory(), UserFactory(admin=True)):
        if somebody is not None:
            client.force_login(somebody)
        for address in addresses(period, note):
            assert client.get(address).status_code == (302 if somebody is None else 404)
    client.force_login(period.subscription.user)
    for address in addresses(period, note):
        response = client.get(address)
        assert b"".join(response.streaming_content).startswith(b"%PDF-")
        assert response["Cache-Control"] == "private, no-store"
    assert client.get(addresses(period, note)[1].replace("000001", "000002")).status_code == 404


def test_what_was_not_paid_has_none(client, plans):
    user = UserFactory()
    waiting = begin(user, plans["pro"]).subscription_period
    assert plan_invoice_for(waiting) is None
    trying = UserFactory()
    start_trial(user=trying, plan=plans["pro"], interval=Interval.MONTH, country=COUNTRY)
    client.force_login(user)
    assert client.get(reverse("commerce:plan_invoice", args=[waiting.public_id])).status_code == 404
    assert print_missing() == 0 and not Invoice.objects.exists()


def test_an_invoice_says_what_was_paid_for_which_time(period):
    invoice = plan_invoice_for(period)
    assert (invoice.net_amount, invoice.tax_amount, invoice.total) == (
        period.amount,
        period.tax_amount,
        period.payment.amount,
    )
    data = invoice_data(invoice)
    assert data["buyer"] == ["Ana Ruiz", "United States", period.subscription.user.email]
    assert data["lines"][0]["title"] == "Pro, monthly" and " to " in data["lines"][0]["detail"]
    assert data["tax_label"] == "VAT 21 %" and data["what"] == "Plan"
    assert ["Receipt", period.number] in data["facts"]


def test_plans_and_orders_share_one_series_without_a_gap(period):
    order = paid_order(UserFactory(), Model3DFactory(listed=True))
    numbers = [plan_invoice_for(period), invoice_for(order), plan_invoice_for(period)]
    assert [invoice.sequence for invoice in numbers] == [1, 2, 1]


@pytest.mark.parametrize("about", [{}, {"order": True, "period": True}])
def test_an_invoice_is_about_one_thing(period, about):
    order = paid_order(UserFactory(), Model3DFactory(listed=True))
    given = {name: {"order": order, "period": period}[name] for name in about}
    paper = Invoice(currency="USD", net_amount=1, tax_amount=0, total=1, seller={}, **given)
    paper.take_number()
    with pytest.raises(IntegrityError, match="invoice_for_one_thing"), transaction.atomic():
        paper.save()


@pytest.mark.django_db(transaction=True)
def test_twenty_who_ask_at_once_get_the_same_invoice():
    (period,) = paid_periods(subscribed(UserFactory(), first_plans()["pro"]))
    at_once(lambda number: plan_invoice_for(period), 20)
    assert Invoice.objects.get().sequence == 1


def test_what_went_back_is_credited_and_charged_again_where_it_did_not_arrive(period):
    note = plan_credited(period.subscription.user)
    assert (note.invoice, note.total) == (plan_invoice_for(period), period.total)
    data = credit_note_data(note)
    assert data["lines"][0]["title"] == "Pro, monthly" and data["notes"] == [
        "It goes back the way it was paid."
    ]
    refunds.apply_refund_state(reloaded(note.refund), failed(message="The account was closed."))
    assert credit_note_for(reloaded(note.refund)) is None
    cancelling = CreditNote.objects.get(cancels=note)
    assert credit_note_data(cancelling)["title"] == "Cancellation"


def test_a_part_that_went_back_says_so(period, monkeypatch):
    halfway = period.start + (period.end - period.start) / 2
    given = {"by": UserFactory(), "text": "Sorry.", "only_unused": True, "ends": False, "now": halfway}
    refund = refund_period(subscription=of(period.subscription.user), **given)
    scripted(monkeypatch, succeeded())
    refunds.send(refund.pk)
    note = credit_note_for(reloaded(refund))
    assert Decimal(0) < note.total < period.total
    assert "a part of what was invoiced for the plan" in credit_note_data(note)["notes"][1]


def test_a_worker_prints_it_and_beat_what_a_worker_left_out(period):
    print_plan_invoice(period.pk)
    assert Invoice.objects.get().file
    (other,) = paid_periods(subscribed(UserFactory(), first_plans()["studio"]))
    SubscriptionPeriod.objects.filter(pk=other.pk).update(paid_at=other.paid_at - timedelta(minutes=10))
    assert print_missing() == 1
    assert plan_invoice_for(other).file


def test_billing_page_receipt_and_mail_lead_to_it(client, period):
    note = plan_credited(period.subscription.user)
    client.force_login(period.subscription.user)
    invoice, credit = addresses(period, note)
    assert invoice in client.get(reverse("commerce:plan")).text
    receipt = reverse("commerce:plan_receipt", args=[period.public_id])
    page = client.get(receipt).text
    assert invoice in page and credit in page
    mail = OutgoingMail.objects.get(recipient=period.subscription.user, dedupe_key=f"plan-paid:{period.pk}")
    assert receipt in mail.text


def test_an_account_that_goes_leaves_its_papers_printed(period):
    erase(period.subscription.user)
    assert store(Invoice.objects.get(period=period)).file
