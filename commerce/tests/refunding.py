"""Sales that can be refunded, and a provider that answers as a test says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce import gateways
from commerce.actions import refunds
from commerce.actions.downloads import make_link
from commerce.actions.subscriptions.refunding import refund_period
from commerce.documents import credit_note_for
from commerce.gateways.base import RefundProgress, RefundState
from commerce.models import CreditNote, Order, Payment, Purchase, Refund, SandboxCharge, Transaction
from commerce.tests.factories import paid_order, purchase_of
from commerce.tests.plans import first_plans, of, subscribed


def sold(buyer, model, **fields) -> Purchase:
    """A purchase whose money the sandbox has."""
    purchase = purchase_of(buyer, model, **fields)
    money_at_provider(purchase.transaction.order)
    return purchase


def sold_together(buyer, *models) -> Order:
    order = paid_order(buyer, *models)
    money_at_provider(order)
    return order


def money_at_provider(order: Order) -> None:
    for payment in order.payments.all():
        SandboxCharge.objects.filter(reference=str(payment.public_id)).update(
            status="succeeded", received=F("amount")
        )


def downloaded(purchase: Purchase) -> Purchase:
    make_link(purchase)
    purchase.refresh_from_db()
    return purchase


def credited(buyer, model) -> CreditNote:
    """The credit note of a sale that has gone back."""
    purchase = sold(buyer, model)
    refund = refunds.ask(purchase=purchase, by=buyer, reason=Refund.Reason.NOT_NEEDED)
    refunds.send(refund.pk)
    return credit_note_for(refund)


def plan_credited(user) -> CreditNote:
    """The credit note of a time with a plan whose money has gone back, and which goes on."""
    given = {"by": UserFactory(staff=True), "text": "Sorry.", "only_unused": False, "ends": False}
    refund = refund_period(subscription=of(user) or subscribed(user, first_plans()["pro"]), **given)
    refunds.send(refund.pk)
    return credit_note_for(refund)


def bought_days_ago(purchase: Purchase, days: float) -> Purchase:
    then = timezone.now() - timedelta(days=days)
    Purchase.objects.filter(pk=purchase.pk).update(created_at=then)
    Transaction.objects.filter(pk=purchase.transaction_id).update(completed_at=then)
    return reloaded(purchase)


def reloaded(thing):
    return type(thing).objects.get(pk=thing.pk)


def succeeded(number: str = "re_1") -> RefundState:
    return RefundState(RefundProgress.SUCCEEDED, number)


def pending(number: str = "re_1") -> RefundState:
    return RefundState(RefundProgress.PENDING, number)


def failed(number: str = "re_1", message: str = "The card was closed.") -> RefundState:
    return RefundState(RefundProgress.FAILED, number, message)


@dataclass
class ScriptedProvider:
    """Answers each call with the next of `answers`, raising those that are exceptions; remembers what it was asked."""

    answers: list = field(default_factory=list)
    asked: list[tuple[str, Decimal | str]] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None

    def refund(self, payment: Payment, amount: Decimal, *, key: str) -> RefundState:
        self.asked.append((key, amount))
        return self._next()

    def fetch_refund(self, payment: Payment, provider_refund_id: str) -> RefundState:
        self.asked.append(("fetch", provider_refund_id))
        return self._next()

    def _next(self) -> RefundState:
        if self.meanwhile is not None:
            self.meanwhile()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def scripted(monkeypatch, *answers) -> ScriptedProvider:
    """Puts the provider in the sandbox's place."""
    provider = ScriptedProvider(list(answers))
    monkeypatch.setitem(gateways.GATEWAYS, "sandbox", lambda: provider)
    return provider


def due_now(refund: Refund) -> Refund:
    """As if its next time had come, and no worker was at it."""
    Refund.objects.filter(pk=refund.pk).update(try_at=timezone.now(), lease_until=None)
    return reloaded(refund)
