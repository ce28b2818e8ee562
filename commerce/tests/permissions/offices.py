"""What the console has pages about: one row of each kind, and what its buttons do something for."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.bounties import comments
from commerce.actions.bounties.ending import cancel
from commerce.actions.bounties.moderating import take_down
from commerce.actions.disputes import apply_dispute
from commerce.actions.holds import hold_proceeds
from commerce.actions.payments import settle
from commerce.actions.reviews import hide
from commerce.actions.subscriptions.renewing import renew
from commerce.documents import certificate_for, store
from commerce.gateways import sandbox
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.gateways.sandbox.sources import CARD_DECLINED_LATER
from commerce.models import (
    Coupon,
    CouponUse,
    EscrowReturn,
    LedgerEntry,
    LedgerMovement,
    Payment,
    Plan,
    ProviderCall,
    Refund,
    SiteDay,
    WebhookEvent,
)
from commerce.tests.bounty_factories import open_bounty, submitted
from commerce.tests.factories import (
    coupon_of,
    order_of,
    paid_order,
    received,
    review_of,
    started_payment,
    tax_of,
)
from commerce.tests.payouts import approved, batch_of, paid, payout_of, seller_with
from commerce.tests.permissions.cells import ADMIN
from commerce.tests.plans import paid_periods, subscribed
from commerce.tests.refunding import credited, downloaded, sold
from commerce.tests.test_payments import owned_by_hand
from marketplace.tests.factories import Model3DFactory


def console_things(world) -> None:
    found = {**_sales(), **_refunds(), **_payments(), **_payouts(), **_plans(), **_bounties(world)}
    for about, row in found.items():
        world.things[f"console {about}"] = {"object_id": row.pk}
    for about in ("invoice", "creditnote"):
        world.things[f"paper {about}"] = {"pk": found[about].pk}
    world.things["stuck"] = {"name": "due", "pk": found["due"].pk}
    world.things["not_stuck"] = {"name": "nothing", "pk": 1}
    world.things["app"] = {"app_label": "commerce"}


def _bought():
    return sold(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00")))


def _sales() -> dict:
    purchase = _bought()
    used = coupon_of("25", code="AUTUMN")
    paid_order(UserFactory(), Model3DFactory(listed=True), coupon=used)
    note = credited(UserFactory(), Model3DFactory(listed=True))
    store(note)
    store(note.invoice)
    review = review_of(UserFactory(), Model3DFactory(listed=True))
    hidden = review_of(UserFactory(), Model3DFactory(listed=True))
    hide(review=hidden, by=UserFactory(), reason="Insults.")
    return {
        "order": purchase.transaction.order,
        "transaction": purchase.transaction,
        "purchase": purchase,
        "coupon": Coupon.objects.get(pk=used.pk),
        "couponuse": CouponUse.objects.filter(coupon=used).get(),
        "taxrate": tax_of("10", country="FR"),
        "invoice": note.invoice,
        "creditnote": note,
        "certificate": certificate_for(purchase),
        "review": review,
        "hidden_review": hidden,
        "siteday": SiteDay.objects.create(day=date(2026, 1, 2)),
    }


def _refunds() -> dict:
    asked, failing = downloaded(_bought()), downloaded(_bought())
    refund = refunds.ask(purchase=asked, by=asked.user, reason="quality", text="Crooked.")
    failed = refunds.ask(purchase=failing, by=failing.user, reason="quality", text="Crooked.")
    now = timezone.now()
    Refund.objects.filter(pk=failed.pk).update(
        status="failed", decided_at=now, ended_at=now, failure_message="The card was closed."
    )
    payment = _bought().transaction.order.payments.get()
    apply_dispute(payment, DisputeNews("dp_1", DisputeProgress.OPENED, payment.amount, "fraudulent"))
    return {"refund": refund, "failed_refund": failed, "dispute": payment.disputes.get()}


def _payments() -> dict:
    model, buyer = Model3DFactory(listed=True), UserFactory()
    payment = started_payment(order_of(UserFactory(), Model3DFactory(listed=True)))
    due = started_payment(order_of(buyer, model))
    sandbox.pay(due.provider_id, sandbox.CARD_SUCCEEDS)
    owned_by_hand(buyer, model)
    settle(due, received(due))
    event = WebhookEvent.objects.create(
        provider="sandbox", event_id="1", kind="charge.succeeded", payload={}, error="No such payment."
    )
    call = ProviderCall.objects.first()
    return {
        "payment": payment,
        "due": Payment.objects.get(pk=due.pk),
        "webhookevent": event,
        "providercall": call,
        "ledgermovement": LedgerMovement.objects.first(),
        "ledgerentry": LedgerEntry.objects.first(),
    }


def _payouts() -> dict:
    first, second, third = (payout_of(seller_with("500.00"), "100.00") for _ in range(3))
    batch = batch_of(approved(payout_of(seller_with("500.00"), "100.00")))
    return {
        "payout": first,
        "approved_payout": approved(second),
        "paid_payout": paid(third),
        "payoutbatch": batch,
        "proceedshold": hold_proceeds(model=_bought().model, by=None, reason="A claim to it."),
    }


def _plans() -> dict:
    plan = Plan.objects.get(slug="pro")
    subscription = subscribed(UserFactory(), plan)
    overdue = subscribed(UserFactory(), plan, card=CARD_DECLINED_LATER)
    renew(overdue, overdue.period_end)
    return {
        "plan": plan,
        "subscription": subscription,
        "overdue_subscription": overdue,
        "subscriptionperiod": paid_periods(subscription)[0],
    }


def _bounties(world) -> dict:
    bounty, removed, ended = open_bounty(), open_bounty(), open_bounty()
    take_down(bounty=removed, by=world.people[ADMIN], reason="A weapon.")
    cancel(bounty=ended, by=ended.creator)
    back = EscrowReturn.objects.get(bounty=ended)
    back.fail("The card is closed.")
    comment, gone = (comments.post(bounty=bounty, author=UserFactory(), body="Look here.") for _ in range(2))
    comments.take_down(comment=gone, by=world.people[ADMIN], reason="Advertising.")
    gone.refresh_from_db()
    return {
        "bounty": bounty,
        "bountycomment": comment,
        "removed_bountycomment": gone,
        "removed_bounty": removed,
        "bountysubmission": submitted(open_bounty()),
        "escrowreturn": back,
    }
