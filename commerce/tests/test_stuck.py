"""What waits for a person: found, said by the command, shown in the console, and started again there."""

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions.bounties.deadlines import tend
from commerce.actions.bounties.ending import cancel
from commerce.actions.disputes import apply_dispute
from commerce.actions.payments import settle
from commerce.actions.reconciling import reconcile
from commerce.actions.refunds import ask, refund, send
from commerce.gateways import sandbox
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.models import Bounty, Dispute, EscrowReturn, Order, Payment, Purchase, Refund, WebhookEvent
from commerce.stuck import SOURCES, source
from commerce.tasks import checkpoint_ledger, reconcile_payments, tell_untold_orders
from commerce.tests.bounty_factories import open_bounty, past_deadline, submitted
from commerce.tests.factories import order_of, purchase_of, received, started_payment
from commerce.tests.refunding import downloaded
from commerce.tests.test_admin import in_role
from commerce.tests.test_payments import age, owned_by_hand, reloaded
from core.models import OutgoingMail
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
PAGE = "admin:commerce_payment_stuck"


def payment_of(buyer=None, **fields) -> Payment:
    return started_payment(order_of(buyer or UserFactory(), Model3DFactory(listed=True, **fields)))


def wrong_amount() -> Payment:
    payment = payment_of()
    settle(payment, replace(received(payment), amount=Decimal("0.01")))
    return payment


def late() -> Payment:
    payment = payment_of()
    age(payment, 40)
    Payment.objects.filter(pk=payment.pk).update(checks=12, check_at=timezone.now() + timedelta(hours=1))
    return payment


def due() -> Payment:
    buyer = UserFactory()
    model = Model3DFactory(listed=True)
    payment = started_payment(order_of(buyer, model))
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    owned_by_hand(buyer, model)
    settle(payment, received(payment))
    return payment


def unknown_event() -> WebhookEvent:
    return WebhookEvent.objects.create(
        provider="sandbox", event_id="1", kind="charge.succeeded", payload={}, error="No such payment.",
        processed_at=timezone.now(),
    )  # fmt: skip


def broken_off_event() -> WebhookEvent:
    past = timezone.now() - timedelta(hours=1)
    return WebhookEvent.objects.create(
        provider="sandbox", event_id="2", kind="charge.succeeded", payload={}, received_at=past
    )


def failed_refund() -> Refund:
    made = refund(transaction=bought().transaction, text="Sorry.")
    Refund.objects.filter(pk=made.pk).update(
        status="failed", failure_message="The card was closed.", ended_at=timezone.now()
    )
    return made


def overdue_request() -> Refund:
    made = ask(
        purchase=downloaded(bought()),
        by=Purchase.objects.latest("pk").user,
        reason="quality",
        text="Crooked.",
    )
    past = timezone.now() - timedelta(hours=1)
    Refund.objects.filter(pk=made.pk).update(escalated_at=past, decide_by=past)
    return made


def unanswered_dispute() -> Dispute:
    payment = bought().transaction.order.payments.get()
    apply_dispute(payment, DisputeNews("dp_1", DisputeProgress.OPENED, payment.amount, "fraudulent"))
    return Dispute.objects.get()


def bought() -> Purchase:
    return purchase_of(UserFactory(), Model3DFactory(listed=True))


def budget_not_sent() -> EscrowReturn:
    bounty = open_bounty()
    cancel(bounty=bounty, by=bounty.creator)
    back = EscrowReturn.objects.get()
    back.fail("The card is closed.")
    return back


def untold() -> Order:
    order = bought().transaction.order
    Order.objects.filter(pk=order.pk).update(completed_at=timezone.now() - timedelta(hours=1))
    return order


def undecided() -> Bounty:
    bounty = past_deadline(submitted(open_bounty()).bounty, days=15)
    tend()
    bounty.refresh_from_db()
    return bounty


STUCK = {
    "wrong-amount": wrong_amount,
    "late": late,
    "due": due,
    "failed-refunds": failed_refund,
    "overdue-requests": overdue_request,
    "disputes": unanswered_dispute,
    "events": unknown_event,
    "untold": untold,
    "budgets": budget_not_sent,
    "undecided": undecided,
}


def reconciled() -> str:
    out = io.StringIO()
    call_command("reconcile_payments", stdout=out)
    return out.getvalue()


def test_what_goes_on_by_itself_is_not_stuck():
    payment_of()
    paid = payment_of()
    settle(paid, received(paid))
    WebhookEvent.objects.create(provider="sandbox", event_id="3", kind="just come", payload={})
    assert [one.count() for one in SOURCES] == [0] * len(SOURCES)


@pytest.mark.parametrize("name", STUCK)
def test_each_kind_is_found_once(name):
    row = STUCK[name]()
    assert {one.name for one in SOURCES if one.count()} == {name}
    [stuck] = source(name).rows(10)
    assert stuck.row == row
    assert stuck.why
    assert stuck.since <= timezone.now()


def test_an_event_in_whose_middle_a_worker_ended_is_found():
    event = broken_off_event()
    assert source("events").find().get() == event


def test_reconciling_settles_what_was_paid_and_gives_up_what_nobody_made():
    paid, abandoned, waiting = payment_of(), payment_of(), payment_of()
    sandbox.pay(paid.provider_id, sandbox.CARD_SUCCEEDS)
    age(abandoned, 25)
    # None of them would be asked about by now.
    Payment.objects.update(check_at=timezone.now() + timedelta(hours=1))
    assert reconciled().startswith(
        "3 open payments were asked about, 2 of them have ended.\nNothing is stuck."
    )
    assert reloaded(paid).status == Payment.Status.COMPLETED
    assert reloaded(abandoned).status == Payment.Status.FAILED
    assert reloaded(waiting).is_open


def test_reconciling_again_changes_nothing():
    sandbox.pay(payment_of().provider_id, sandbox.CARD_SUCCEEDS)
    assert (reconcile().ended, reconcile().ended) == (1, 0)


def test_the_command_says_what_a_person_must_look_at():
    for make in STUCK.values():
        make()
    said = reconciled()
    assert "instead of" in said
    assert "The buyer has everything in the order from another one." in said
    assert "No such payment." in said
    assert "wait for a person" in said


def test_beat_says_in_the_log_what_is_stuck(caplog):
    due()
    reconcile_payments()
    assert "Money that bought nothing: 1." in caplog.text
    checkpoint_ledger()


@pytest.mark.parametrize("role", [None, "Moderators"])
def test_the_list_is_not_for_everybody(client, role):
    client.force_login(in_role(role) if role else UserFactory())
    assert client.get(reverse(PAGE)).status_code in (302, 403)


def test_support_sees_the_list_and_starts_nothing(client):
    payment = due()
    client.force_login(in_role("Support agents"))
    shown = client.get(reverse(PAGE)).content.decode()
    assert str(payment.public_id) in shown
    assert "Send it back" not in shown
    assert client.post(reverse("admin:commerce_payment_restart", args=["due", payment.pk])).status_code == 403
    assert reloaded(payment).refund_due_amount


def test_finance_starts_again_what_is_stuck(client):
    payment = due()
    client.force_login(in_role("Finance"))
    assert "Send it back" in client.get(reverse(PAGE)).content.decode()
    restart = reverse("admin:commerce_payment_restart", args=["due", payment.pk])
    shown = client.post(restart, follow=True).content.decode()
    assert ": done." in shown
    send(payment.refunds.get().pk)
    assert reloaded(payment).status == Payment.Status.REFUNDED
    assert "That is not stuck any more." in client.post(restart, follow=True).content.decode()


def test_an_order_of_which_nobody_was_told_is_told_of_by_hand_or_by_the_clock(client):
    by_hand, by_clock = untold(), untold()
    client.force_login(in_role("Finance"))
    assert "Write them now" in client.get(reverse(PAGE)).content.decode()
    client.post(reverse("admin:commerce_payment_restart", args=["untold", by_hand.pk]))
    assert OutgoingMail.objects.filter(dedupe_key=f"receipt:{by_hand.pk}").count() == 1
    for _ in range(2):
        tell_untold_orders()
    assert OutgoingMail.objects.filter(kind="commerce/receipt").count() == 2
    assert reloaded(by_clock).told_at and not source("untold").count()


def test_what_the_provider_refuses_is_said(client):
    payment = late()
    Payment.objects.filter(pk=payment.pk).update(provider_id="gone")
    client.force_login(in_role("Finance"))
    restart = reverse("admin:commerce_payment_restart", args=["late", payment.pk])
    assert "The sandbox knows no such payment." in client.post(restart, follow=True).content.decode()


@pytest.mark.parametrize("name", ["events", "nonsense"])
def test_what_can_not_be_started_again_is_not_found(client, name):
    client.force_login(in_role("Finance"))
    pk = unknown_event().pk
    assert client.post(reverse("admin:commerce_payment_restart", args=[name, pk])).status_code == 404


def test_an_empty_list_says_so(client):
    client.force_login(in_role("Finance"))
    assert "Nothing is stuck" in client.get(reverse(PAGE)).content.decode()


def test_the_list_takes_as_many_queries_for_many_rows_as_for_one(client):
    client.force_login(in_role("Finance"))
    unknown_event()
    due()
    client.get(reverse(PAGE))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(PAGE))
    for number in range(10, 110):
        WebhookEvent.objects.create(provider="sandbox", event_id=number, kind="x", payload={}, error="No.")
    due()
    with CaptureQueriesContext(connection) as many:
        shown = client.get(reverse(PAGE)).content.decode()
    assert len(many) == len(few)
    assert "that have waited longest" in shown
