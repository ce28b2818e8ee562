"""`manage.py audit_ledger`: silent where all is right, and loud about a single cent."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts.entitlements import entitle, everybodys_limits
from accounts.models import Entitlements
from accounts.tests.factories import UserFactory
from commerce.actions.payments import settle
from commerce.actions.refunds import refund, refund_due, send
from commerce.auditing import CHECKS
from commerce.gateways import sandbox
from commerce.ledger import Line, post
from commerce.ledger.checkpoints import take_checkpoints
from commerce.models import (
    LedgerCheckpoint,
    LedgerMovement,
    Order,
    Payment,
    Purchase,
    SandboxCharge,
    Transaction,
)
from commerce.tests.factories import order_of, received, started_payment
from commerce.tests.plans import first_plans, subscribed
from commerce.tests.test_payments import owned_by_hand
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


def audit(*arguments) -> str:
    out = io.StringIO()
    try:
        call_command("audit_ledger", *arguments, stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    return out.getvalue()


def bought(buyer=None, *models) -> Order:
    """An order paid at the sandbox, long ago enough for all that was on its way to have come."""
    order = order_of(
        buyer or UserFactory(), *(models or [Model3DFactory(listed=True, price=Decimal("24.00"))])
    )
    payment = started_payment(order)
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    settle(payment, received(payment))
    SandboxCharge.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    return order


def tampered(statement: str, *parameters) -> str:
    """What the audit says after somebody with the database's password has done this."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE commerce_ledgerentry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE commerce_ledgermovement DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
    said = audit()
    assert "out of place" in said
    return said


def test_nothing_sold_is_nothing_out_of_place():
    assert "Every cent is in its place." in audit()


def test_all_that_buying_does_is_in_its_place():
    buyer, other = UserFactory(), UserFactory()
    bought(buyer, *Model3DFactory.create_batch(3, listed=True), Model3DFactory(listed=True, free=True))
    for repaid in (False, True):
        model = Model3DFactory(listed=True)
        payment = started_payment(order_of(other, model))
        sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
        owned_by_hand(other, model)
        settle(payment, received(payment))
        payment.refresh_from_db()
        if repaid:
            send(refund_due(payment, by=other).pk)
    for line, amount in zip(
        Transaction.objects.filter(buyer=buyer, amount__gt=0), (None, 5, None), strict=True
    ):
        send(refund(transaction=line, amount=amount and Decimal(amount), text="Sorry.").pk)
    SandboxCharge.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    take_checkpoints(worth_it=1)
    assert "Every cent is in its place." in audit()


def test_every_check_is_said_and_takes_one_query(django_assert_max_num_queries):
    bought()
    with django_assert_max_num_queries(len(CHECKS) + 4):
        said = audit()
    assert [line for line in said.splitlines() if line.startswith("yes")] == [
        f"yes {check.says}" for check in CHECKS
    ]


def test_a_cent_moved_in_the_ledger_is_found():
    bought()
    said = tampered("UPDATE commerce_ledgerentry SET amount = amount + 0.01 WHERE account = 'seller'")
    assert "is off balance by 0.01 USD" in said
    assert "seller 22.21" in said


def test_a_cent_moved_from_one_account_to_another_is_found():
    bought()
    said = tampered(
        "UPDATE commerce_ledgerentry SET amount = amount + CASE account WHEN 'fee' THEN 0.01 ELSE -0.01 END"
        " WHERE account IN ('fee', 'seller')"
    )
    assert "posted as buyer -24.00, fee 1.81, seller 22.19" in said


def test_a_sale_that_was_not_posted_is_found():
    line = bought().transactions.get()
    said = tampered("WITH gone AS (DELETE FROM commerce_ledgerentry) DELETE FROM commerce_ledgermovement")
    assert f"transaction {line.pk} was sold for 24.00 but not posted" in said
    assert "is completed with 24.00, posted are 0" in said


def test_a_sale_posted_twice_is_found():
    line = bought().transactions.get()
    lines = [Line("buyer", Decimal(-24), owner=line.buyer), Line("seller", Decimal(24), owner=line.seller)]
    post(key="again", kind="sale", lines=lines, payment=line.order.latest_payment(), transaction=line)
    said = audit()
    assert f"transaction {line.pk} was posted 2 times" in said
    assert "is completed with 24.00, posted are 48.00" in said


def test_more_given_back_than_was_paid_is_found():
    line = bought().transactions.get()
    lines = [Line("buyer", Decimal(25), owner=line.buyer), Line("seller", Decimal(-25), owner=line.seller)]
    post(key="back", kind="refund", lines=lines, payment=line.order.latest_payment(), transaction=line)
    said = audit()
    assert "brought 24.00, given back are 25.00" in said
    assert f"transaction {line.pk} buyer is -1.00" in said
    assert "was given back 25.00, at the sandbox 0 smallest units" in said


GONE_BACK = {"payment_status": "refunded", "refunded_amount": F("amount")}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: Payment.objects.update(status="failed", completed_at=None), "is failed with 24.00, posted are 24.00"),
        (lambda: Payment.objects.update(amount=25), "is completed with 25.00, posted are 24.00"),
        (lambda: Transaction.objects.update(payment_status="failed"), "was posted, but is failed"),
        (lambda: Transaction.objects.update(**GONE_BACK), "but its transaction is refunded"),
        (lambda: Transaction.objects.update(refunded_amount=1), "says 1.00 and tax 0.00, its refunds 0 and 0"),
        (lambda: Payment.objects.update(status="refunded"), "is refunded, and 0 have gone back"),
        (lambda: Purchase.objects.update(revoked_at=timezone.now()), "was taken back, but its transaction"),
        (lambda: Transaction.objects.update(platform_fee=0, seller_amount=24), "was sold as 24.00 = 0.00 + 24.00"),
        (lambda: Purchase.objects.all().delete(), "is completed, but nobody has got it"),
        (lambda: Order.objects.update(status="failed"), "is failed, but its payment is completed"),
        (lambda: Order.objects.update(total=25, subtotal=25), "costs 25.00, its lines 24.00"),
        (lambda: SandboxCharge.objects.update(received=2399), "at the sandbox succeeded with 2399 smallest units"),
        (lambda: SandboxCharge.objects.update(status="declined"), "at the sandbox declined"),
        (lambda: SandboxCharge.objects.update(refunded=1), "was given back 0, at the sandbox 1 smallest units"),
        (lambda: Payment.objects.update(provider_id="gone"), "but the sandbox does not know it"),
    ],
)  # fmt: skip
def test_whatever_does_not_fit_is_found(change, said):
    bought()
    change()
    assert said in audit()


def test_money_at_the_sandbox_that_we_do_not_know_of_is_found_after_a_while():
    payment = started_payment(order_of(UserFactory(), Model3DFactory(listed=True)))
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    assert "Every cent is in its place." in audit()
    SandboxCharge.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    assert "has succeeded at the sandbox, but payment" in audit()


def test_money_due_that_nobody_owes_is_found():
    payment = bought().latest_payment()
    Payment.objects.update(refund_due_amount=Decimal("0.01"))
    assert f"payment {payment.public_id} owes 0.01, posted are 0" in audit()


def test_a_wrong_checkpoint_is_found():
    bought()
    take_checkpoints(worth_it=1)
    LedgerCheckpoint.objects.filter(account="fee").update(amount=99)
    assert "says 99.00, its entries 1.80" in audit()


def test_an_account_below_nothing_is_found():
    seller = UserFactory()
    lines = [Line("reserved", Decimal(-5), owner=seller), Line("bank", Decimal(5), owner=seller)]
    post(key="payout", kind="payout_paid", lines=lines)
    assert f"reserved of {seller.pk} is -5.00" in audit()


def test_the_sums_of_all_accounts_are_printed():
    bought()
    assert "seller              22.20 USD  1 entries" in audit()


def test_an_empty_movement_is_found():
    LedgerMovement.objects.create(key="by hand", kind="sale")
    assert "by hand has no entries" in audit()


def test_checkpoints_are_taken_by_hand():
    bought()
    out = io.StringIO()
    call_command("checkpoint_ledger", "--entries", "1", stdout=out)
    assert "5 checkpoints taken." in out.getvalue()
    call_command("checkpoint_ledger", "--entries", "1", "--anew", stdout=out)
    assert LedgerCheckpoint.objects.count() == 5


def test_a_plan_that_nobody_paid_and_limits_that_nobody_has_are_found():
    person, other = UserFactory(), UserFactory()
    subscription = subscribed(person, first_plans()["pro"])
    assert "Every cent is in its place." in audit()
    Entitlements.objects.filter(user=person).update(storage_bytes=1)
    entitle(user=other, limits=everybodys_limits())
    subscription.periods.update(state="failed")
    said = audit()
    assert f"person {person.pk} has the plan Pro" in said
    assert f"person {other.pk} has the plan of everybody" in said
    assert f"subscription {subscription.public_id} is active without a payment" in said
    assert "is 12.00 and tax 0.00, posted are 12.00 and 0" in said
