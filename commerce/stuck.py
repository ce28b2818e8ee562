"""What goes on only when a person has looked at it: for the console, and for `manage.py reconcile_payments`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from commerce.actions.bounties.returning import restart as send_budget_again
from commerce.actions.payments import refresh_payment
from commerce.actions.refunds import refund_due, restart
from commerce.actions.telling import tell_of
from commerce.models import Bounty, Dispute, EscrowReturn, Order, Payment, Refund, WebhookEvent
from core.templatetags.core_tags import money_text

# A payment is given up after a day; an event is handled when it comes; an order is told of within a minute or two.
_LATE_PAYMENT = Payment.EXPIRES_AFTER + timedelta(hours=2)
_LATE_NEWS = timedelta(minutes=15)
_LATE_EVENT = timedelta(minutes=15)


@dataclass(frozen=True)
class Stuck:
    """One row that waits for a person."""

    row: Model
    what: str
    why: str
    since: datetime

    @property
    def console_url(self) -> str:
        return reverse(
            f"admin:{self.row._meta.app_label}_{self.row._meta.model_name}_change", args=[self.row.pk]
        )


@dataclass(frozen=True)
class Source:
    """One kind of thing that gets stuck. `restart`, where there is one, does what `restart_label` says, and may raise a
    `CommerceError`.
    """

    name: str
    title: str
    # What to do about it.
    advice: str
    find: Callable[[], QuerySet]
    describe: Callable[[Model], Stuck]
    restart_label: str = ""
    restart: Callable[[Model, User], object] | None = None

    def rows(self, limit: int) -> list[Stuck]:
        return [self.describe(row) for row in self.find()[:limit]]

    def count(self) -> int:
        return self.find().count()


def _wrong_amounts() -> QuerySet:
    return Payment.objects.with_wrong_amount().order_by("pk")


def _late_payments() -> QuerySet:
    late = Payment.objects.open().filter(created_at__lte=timezone.now() - _LATE_PAYMENT)
    return late.exclude(pk__in=Payment.objects.with_wrong_amount()).order_by("pk")


def _due() -> QuerySet:
    under_way = Refund.objects.live().filter(kind=Refund.Kind.DUE)
    found = Payment.objects.filter(refund_due_amount__gt=0).exclude(pk__in=under_way.values("payment"))
    # What the bank decides about is not sent meanwhile.
    found = found.exclude(pk__in=Dispute.objects.open().values("payment"))
    return found.order_by("pk")


def _failed_refunds() -> QuerySet:
    """Those of money that bought nothing are found as due again."""
    failed = Refund.objects.filter(status=Refund.Status.FAILED).exclude(kind=Refund.Kind.DUE)
    return failed.select_related("payment", "transaction__order").order_by("pk")


def _overdue_requests() -> QuerySet:
    return Refund.objects.awaiting_support().filter(decide_by__lte=timezone.now()).order_by("decide_by", "pk")


def _unanswered_disputes() -> QuerySet:
    return Dispute.objects.open().filter(submitted_at__isnull=True).order_by("opened_at", "pk")


def _events() -> QuerySet:
    late = Q(processed_at__isnull=True, received_at__lte=timezone.now() - _LATE_EVENT)
    return WebhookEvent.objects.filter(late | ~Q(error="")).select_related("payment").order_by("pk")


def _untold() -> QuerySet:
    return Order.objects.untold(timezone.now() - _LATE_NEWS).order_by("completed_at", "pk")


def _untold_order(order: Order) -> Stuck:
    why = "No worker has written its receipt and the sellers' messages, or it failed: the log says why."
    return Stuck(order, f"Order {order.number}, {money_text(order.total)}", why, order.completed_at)


def _unsent() -> QuerySet:
    failed = EscrowReturn.objects.filter(status=EscrowReturn.Status.FAILED)
    return failed.select_related("bounty").order_by("pk")


def _unsent_budget(back: EscrowReturn) -> Stuck:
    what = f"{money_text(back.amount)} of the bounty “{back.bounty.title}”"
    return Stuck(back, what, back.message, back.created_at)


def _undecided() -> QuerySet:
    undecided = Bounty.objects.filter(status=Bounty.Status.JUDGING, escalated_at__isnull=False)
    return undecided.order_by("escalated_at", "pk")


def _undecided_bounty(bounty: Bounty) -> Stuck:
    what = f"{money_text(bounty.budget)} of the bounty “{bounty.title}”"
    return Stuck(bounty, what, "Its poster has not chosen a winner in time.", bounty.escalated_at)


def _payment(why: Callable[[Payment], str], since: Callable[[Payment], datetime]):
    def describe(payment: Payment) -> Stuck:
        what = f"Payment {payment.public_id} at {payment.provider}, {money_text(payment.amount)}"
        return Stuck(payment, what, why(payment), since(payment))

    return describe


def _refund(why: Callable[[Refund], str], since: Callable[[Refund], datetime]):
    def describe(refund: Refund) -> Stuck:
        return Stuck(
            refund, f"Refund {refund.number}, {money_text(refund.gross)}", why(refund), since(refund)
        )

    return describe


def _dispute(dispute: Dispute) -> Stuck:
    what = f"Dispute {dispute.number} at {dispute.provider}, {money_text(dispute.amount)}"
    return Stuck(dispute, what, dispute.reason or "The bank gave no reason.", dispute.opened_at)


def _event(event: WebhookEvent) -> Stuck:
    why = event.error or "It was kept, but what it says was not done: the worker ended in the middle."
    return Stuck(event, f"{event.kind} of {event.provider}", why, event.received_at)


SOURCES = [
    Source(
        name="wrong-amount",
        title="Another amount arrived than was asked for",
        advice=(
            "Nothing was handed over. Look at the provider's own pages, and send the money back there; a payment that"
            " is cancelled there ends here too."
        ),
        find=_wrong_amounts,
        describe=_payment(lambda payment: payment.failure_message, lambda payment: payment.created_at),
        restart_label="Ask the provider",
        restart=lambda payment, by: refresh_payment(payment),
    ),
    Source(
        name="late",
        title="Payments that could not be given up",
        advice="Their provider does not answer about them. They are asked about again by themselves, every hour.",
        find=_late_payments,
        describe=_payment(
            lambda payment: payment.failure_message or f"Asked {payment.checks} times, without an end.",
            lambda payment: payment.created_at,
        ),
        restart_label="Ask the provider",
        restart=lambda payment, by: refresh_payment(payment),
    ),
    Source(
        name="due",
        title="Money that bought nothing",
        advice="It is the buyers': send it back.",
        find=_due,
        describe=_payment(
            lambda payment: f"{money_text(payment.refund_due_amount)}: {payment.refund_due_reason}",
            lambda payment: payment.completed_at,
        ),
        restart_label="Send it back",
        restart=lambda payment, by: refund_due(payment, by=by),
    ),
    Source(
        name="failed-refunds",
        title="Refunds that could not be sent",
        advice=(
            "The buyer still waits. Look at the provider's own pages, and send it again; where the money has gone back"
            " by another way, take the refund back."
        ),
        find=_failed_refunds,
        describe=_refund(lambda refund: refund.failure_message, lambda refund: refund.ended_at),
        restart_label="Send it again",
        restart=lambda refund, by: restart(refund=refund, by=by),
    ),
    Source(
        name="overdue-requests",
        title="Refunds that support has not decided in time",
        advice="The buyer was promised a decision by then.",
        find=_overdue_requests,
        describe=_refund(lambda refund: refund.get_reason_display(), lambda refund: refund.escalated_at),
    ),
    Source(
        name="disputes",
        title="Disputes without evidence",
        advice="Hand over the evidence: without it the bank decides for the buyer.",
        find=_unanswered_disputes,
        describe=_dispute,
    ),
    Source(
        name="events",
        title="Words of providers that could not be acted on",
        advice="Where a payment is named, ask the provider about it; what an event says is never believed twice.",
        find=_events,
        describe=_event,
    ),
    Source(
        name="untold",
        title="Orders without a receipt",
        advice="What was bought is there. The mails are tried again by themselves, each minute.",
        find=_untold,
        describe=_untold_order,
        restart_label="Write them now",
        restart=lambda order, by: tell_of(order),
    ),
    Source(
        name="budgets",
        title="Budgets of bounties that could not be sent back",
        advice="The provider has refused. Ask the poster how else they can be paid, or try again.",
        find=_unsent,
        describe=_unsent_budget,
        restart_label="Try again",
        restart=lambda back, by: send_budget_again(returned=back, by=by),
    ),
    Source(
        name="undecided",
        title="Bounties that nobody has decided",
        advice="Support awards one of the works, or ends the bounty and returns the money.",
        find=_undecided,
        describe=_undecided_bounty,
    ),
]


def source(name: str) -> Source:
    """
    Raises:
        LookupError: there is no such kind.
    """
    for one in SOURCES:
        if one.name == name:
            return one
    raise LookupError(name)
