"""From the form to an open bounty: what may be asked for, and when its money counts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import Activity, Notification
from accounts.tests.factories import UserFactory
from commerce.actions.bounties.posting import (
    MAX_UNPAID,
    discard,
    edit,
    move_deadline,
    open_payment,
    pay,
)
from commerce.actions.payments import cancel_payment, fail_payment, settle, start_payment, try_again
from commerce.exceptions import BountyRefused, PaymentNotPossible
from commerce.ledger import balance
from commerce.models import Bounty, LedgerEntry, Payment
from commerce.tests.bounty_factories import applied, brief, open_bounty, unpaid_bounty
from commerce.tests.factories import BILLING, received
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db

ESCROW = LedgerEntry.Account.ESCROW


def begun(bounty) -> Payment:
    payment = pay(bounty=bounty, billing=BILLING, method="card")
    start_payment(payment)
    return payment


@pytest.mark.parametrize("budget", ["0", "-5.00", "9.99", "50000.01", "20.001", "NaN", "Infinity"])
def test_a_budget_out_of_bounds_is_refused(budget):
    with pytest.raises(BountyRefused):
        unpaid_bounty(budget=Decimal(budget))
    assert not Bounty.objects.exists()


@pytest.mark.parametrize("budget", ["0.99", "-1", "1000000.01", "NaN"])
def test_the_database_refuses_such_a_budget_too(budget):
    bounty = unpaid_bounty()
    with pytest.raises(IntegrityError, match="bounty_budget_within_bounds"), transaction.atomic():
        # Django itself lets no NaN through; PostgreSQL takes it for the largest number of all.
        Bounty.objects.filter(pk=bounty.pk).update(budget=RawSQL("%s::numeric", [budget]))


@pytest.mark.parametrize("days", [-1, 0, 0.9, 181])
def test_a_deadline_that_is_past_too_near_or_too_far_is_refused(days):
    with pytest.raises(BountyRefused):
        unpaid_bounty(deadline=timezone.now() + timedelta(days=days))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("bounty_deadline_after_creation", {"deadline": timezone.now() - timedelta(days=9)}),
        ("bounty_open_is_paid", {"status": "open"}),
        ("bounty_ended_has_time", {"status": "cancelled"}),
        ("bounty_winner_only_when_awarded", {"winner": "somebody"}),
        ("bounty_paid_has_time", {"opened_at": timezone.now()}),
    ],
)
def test_the_database_refuses_states_that_cannot_be(name, change):
    bounty = unpaid_bounty()
    if "winner" in change:
        change = {"winner": UserFactory()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Bounty.objects.filter(pk=bounty.pk).update(**change)


def test_a_person_begins_so_many_and_no_more():
    poster = UserFactory()
    for _ in range(MAX_UNPAID):
        unpaid_bounty(poster)
    with pytest.raises(BountyRefused):
        unpaid_bounty(poster)


def test_nobody_else_sees_a_bounty_before_it_is_paid():
    bounty = unpaid_bounty()
    other = UserFactory()
    assert not Bounty.objects.visible_to(other).exists() and not bounty.is_visible_to(other)
    assert Bounty.objects.visible_to(bounty.creator).get() == bounty and bounty.is_visible_to(bounty.creator)
    assert not Bounty.objects.listed().exists() and not bounty.is_listed


def test_a_paid_budget_is_held_and_opens_the_bounty():
    bounty = open_bounty()
    assert bounty.status == Bounty.Status.OPEN
    assert bounty.payment.status == Payment.Status.COMPLETED
    assert Bounty.objects.listed().get() == bounty and bounty.is_listed
    assert balance(ESCROW, owner=bounty.creator) == Decimal("200.00")
    assert balance(LedgerEntry.Account.BUYER, owner=bounty.creator) == Decimal("-200.00")
    assert Activity.objects.get(verb=Activity.Verb.POSTED_BOUNTY).actor == bounty.creator
    assert Notification.objects.get(user=bounty.creator).kind == Notification.Kind.BOUNTY
    assert OutgoingMail.objects.get(kind="commerce/bounty").to_address == bounty.creator.email


def test_paying_twice_begins_one_payment():
    bounty = unpaid_bounty()
    assert begun(bounty) == pay(bounty=bounty, billing=BILLING, method="card")
    assert Payment.objects.count() == 1


def test_a_way_of_paying_that_is_not_offered_begins_nothing(settings):
    settings.PAYMENT_CARD = ""
    with pytest.raises(PaymentNotPossible):
        pay(bounty=unpaid_bounty(), billing=BILLING, method="card")
    assert not Payment.objects.exists()


def test_a_declined_payment_is_tried_again_and_the_late_money_of_the_first_is_due_back():
    bounty = unpaid_bounty()
    first = begun(bounty)
    fail_payment(first, "Declined.")
    second = try_again(first, method="card")
    start_payment(second)
    settle(second, received(second))
    settle(first, received(first))
    bounty.refresh_from_db()
    first.refresh_from_db()
    assert bounty.payment == second
    assert first.status == Payment.Status.REFUND_DUE and first.refund_due_amount == Decimal("200.00")
    assert balance(ESCROW, owner=bounty.creator) == Decimal("200.00")


def test_a_payment_that_was_cancelled_leaves_the_bounty_to_be_paid_anew():
    bounty = unpaid_bounty()
    cancel_payment(begun(bounty))
    bounty.refresh_from_db()
    assert bounty.is_unpaid and open_payment(bounty) is None
    begun(bounty)
    assert open_payment(bounty) is not None


def test_a_bounty_that_is_being_paid_or_is_paid_cannot_be_changed():
    bounty = unpaid_bounty()
    begun(bounty)
    for changed in (bounty, open_bounty()):
        with pytest.raises(BountyRefused):
            edit(bounty=changed, brief=brief(budget=Decimal("300.00")))


def test_a_draft_can_be_changed():
    bounty = unpaid_bounty()
    edit(bounty=bounty, brief=brief(title="A brass astrolabe", budget=Decimal("300.00")))
    bounty.refresh_from_db()
    assert (bounty.title, bounty.budget) == ("A brass astrolabe", Decimal("300.00"))


def test_a_discarded_bounty_keeps_nothing_of_the_money_that_comes_late():
    bounty = unpaid_bounty()
    payment = begun(bounty)
    assert discard(bounty=bounty)
    bounty.refresh_from_db()
    assert bounty.status == Bounty.Status.CANCELLED
    settle(payment, received(payment))
    payment.refresh_from_db()
    assert payment.status == Payment.Status.REFUND_DUE
    assert balance(ESCROW) == 0


def test_money_that_comes_after_the_deadline_goes_back_by_itself():
    bounty = unpaid_bounty()
    payment = begun(bounty)
    past = timezone.now() - timedelta(hours=1)
    Bounty.objects.filter(pk=bounty.pk).update(created_at=past - timedelta(days=9), deadline=past)
    settle(payment, received(payment))
    bounty.refresh_from_db()
    assert bounty.status == Bounty.Status.EXPIRED
    assert bounty.escrow_return.amount == Decimal("200.00")
    assert not Activity.objects.exists()


def test_a_deadline_can_be_moved_away_and_nearer_only_while_nobody_applied():
    bounty = open_bounty()
    soon, later = timezone.now() + timedelta(days=2), timezone.now() + timedelta(days=30)
    move_deadline(bounty=bounty, deadline=later, by=bounty.creator)
    move_deadline(bounty=bounty, deadline=soon, by=bounty.creator)
    with pytest.raises(BountyRefused):
        move_deadline(bounty=bounty, deadline=timezone.now() + timedelta(hours=23), by=bounty.creator)
    applied(bounty)
    move_deadline(bounty=bounty, deadline=later, by=bounty.creator)
    with pytest.raises(BountyRefused):
        move_deadline(bounty=bounty, deadline=soon, by=bounty.creator)
    bounty.refresh_from_db()
    assert bounty.deadline == later
