"""What goes on only when a person has looked at it: for the console, and for `manage.py reconcile_payments`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from commerce.actions.payments import refresh_payment, refund_due
from commerce.models import Payment, WebhookEvent
from core.templatetags.core_tags import money_text

# A payment is given up after a day; an event is handled when it comes.
_LATE_PAYMENT = Payment.EXPIRES_AFTER + timedelta(hours=2)
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
    return Payment.objects.open().filter(failure_message__startswith="The provider received").order_by("pk")


def _late_payments() -> QuerySet:
    late = Payment.objects.open().filter(created_at__lte=timezone.now() - _LATE_PAYMENT)
    return late.exclude(failure_message__startswith="The provider received").order_by("pk")


def _due() -> QuerySet:
    return Payment.objects.filter(refund_due_amount__gt=0).order_by("pk")


def _events() -> QuerySet:
    late = Q(processed_at__isnull=True, received_at__lte=timezone.now() - _LATE_EVENT)
    return WebhookEvent.objects.filter(late | ~Q(error="")).select_related("payment").order_by("pk")


def _payment(why: Callable[[Payment], str], since: Callable[[Payment], datetime]):
    def describe(payment: Payment) -> Stuck:
        what = f"Payment {payment.public_id} at {payment.provider}, {money_text(payment.amount)}"
        return Stuck(payment, what, why(payment), since(payment))

    return describe


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
        name="events",
        title="Words of providers that could not be acted on",
        advice="Where a payment is named, ask the provider about it; what an event says is never believed twice.",
        find=_events,
        describe=_event,
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
