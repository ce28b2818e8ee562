"""The way that a refund goes: its states, scopes and transitions. Part of `Refund`; the fields are declared there."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from commerce.refunding.parts import Parts


class RefundCourse(models.Model):
    """requested -> approved | declined | cancelled; approved -> sending -> completed | failed; failed -> approved.

    One that is approved but was not sent yet can be cancelled. A completed one that the buyer's bank sends back has
    failed after all. What a refund changes (ledger, access, counts, states of payment and transaction) changes when it
    completes, and not before; see docs/decisions/0017-refunds.md.
    """

    LEASE = timedelta(seconds=60)
    # About six hours, see `try_later`: providers remember our keys for a day at least.
    MAX_ATTEMPTS = 12
    TEXT_LENGTH = 2000

    class Kind(models.TextChoices):
        SALE = "sale", "Refund of a purchase"
        DUE = "due", "Money that bought nothing"
        CHARGEBACK = "chargeback", "Taken back by the buyer's bank"
        PLAN = "plan", "Refund of a time with a plan"

    class Status(models.TextChoices):
        REQUESTED = "requested", "Asked for"
        APPROVED = "approved", "Approved"
        SENDING = "sending", "On its way"
        COMPLETED = "completed", "Refunded"
        FAILED = "failed", "Could not be sent"
        CANCELLED = "cancelled", "Taken back"
        DECLINED = "declined", "Declined"

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        PARTLY = "partly", "Accepted in part"
        REFUSED = "refused", "Refused"
        NONE = "none", "No answer in time"

    OPEN = (Status.REQUESTED, Status.APPROVED, Status.SENDING)
    LIVE = (Status.APPROVED, Status.SENDING, Status.COMPLETED)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_live(self) -> bool:
        return self.status in self.LIVE

    @property
    def is_completed(self) -> bool:
        return self.status == self.Status.COMPLETED

    @property
    def awaits_seller(self) -> bool:
        return self.status == self.Status.REQUESTED and self.escalated_at is None

    @property
    def awaits_support(self) -> bool:
        return self.status == self.Status.REQUESTED and self.escalated_at is not None

    @property
    def can_be_cancelled_by_buyer(self) -> bool:
        """Nobody has answered yet."""
        return self.awaits_seller

    @property
    def can_be_stopped(self) -> bool:
        """Support or finance may take it back: the provider has not heard of it, or said no."""
        return self.kind != self.Kind.CHARGEBACK and (
            self.status in (self.Status.REQUESTED, self.Status.FAILED)
            or (self.status == self.Status.APPROVED and not self.attempts)
        )

    @property
    def provider_key(self) -> str:
        """Names this sending to the provider: the same key again sends nothing twice."""
        return f"refund-{self.public_id}-{self.sending_number}"

    def take(self, parts: Parts) -> None:
        """Make it a refund of `parts`."""
        self.amount, self.tax_amount = parts.net, parts.tax
        self.fee_amount, self.seller_amount = parts.fee, parts.seller

    def escalate(self, at, *, answer: str, text: str = "") -> None:
        """It is support's to decide now."""
        self.answer, self.answer_text = answer, text
        self.answered_at = at if answer != self.Answer.NONE else None
        self.escalated_at = at
        self.decide_by = at + timedelta(days=settings.REFUND_DECIDE_DAYS)
        self.save()

    def approve(self, at, *, by=None, text: str = "") -> None:
        """It is to be sent, with the parts that it has now."""
        self.status = self.Status.APPROVED
        self.decided_by, self.decided_at = by, at
        self.decision_text = text or self.decision_text
        self.attempts, self.try_at, self.lease_until = 0, at, None
        self.failure_message, self.failure_is_final, self.ended_at = "", False, None
        self.save()

    def decline(self, at, *, by, text: str) -> None:
        self.status = self.Status.DECLINED
        self.decided_by, self.decided_at, self.decision_text, self.ended_at = by, at, text, at
        self.save()

    def cancel(self, at, *, by=None, text: str = "") -> None:
        self.status = self.Status.CANCELLED
        self.decided_by, self.decided_at = by, at
        self.decision_text = text or self.decision_text
        self.try_at, self.ended_at = None, at
        self.save()

    def complete(self, at) -> None:
        self.status = self.Status.COMPLETED
        self.completed_at, self.try_at, self.lease_until = at, None, None
        self.failure_message = ""
        self.completions += 1
        self.save()

    def fail(self, at, message: str, *, is_final: bool) -> None:
        self.status = self.Status.FAILED
        self.failure_message = (message or "The provider did not say why.")[:500]
        self.failure_is_final = is_final
        self.completed_at, self.try_at, self.lease_until, self.ended_at = None, None, None, at
        self.save()

    def restart(self, at, *, by) -> None:
        """A failed one is to be sent again: under a new key where the provider has said no to the old one."""
        if self.failure_is_final:
            self.sending_number += 1
            self.provider_id = ""
        self.approve(at, by=by)

    def try_later(self, at) -> None:
        """Again after 1, 2, 4, ... at most 64 minutes."""
        self.try_at = at + timedelta(minutes=2 ** min(max(self.attempts - 1, 0), 6))
        self.lease_until = None
        self.save(update_fields=["try_at", "lease_until", "failure_message", "updated_at"])


class RefundQuerySet(models.QuerySet):
    def of_seller(self, user):
        """What was asked back of a person's sales; what the site owes by itself concerns no seller."""
        return self.filter(transaction__seller=user)

    def open(self):
        """Undecided, or on their way: see `Refund.is_open`."""
        return self.filter(status__in=RefundCourse.OPEN)

    def live(self):
        """Those whose money is on its way or has gone back: together they never exceed what was paid."""
        return self.filter(status__in=RefundCourse.LIVE)

    def completed(self):
        return self.filter(status=RefundCourse.Status.COMPLETED)

    def failed(self):
        """The provider said no, and somebody has to see why."""
        return self.filter(status=RefundCourse.Status.FAILED)

    def awaiting_seller(self):
        """Twin of `Refund.awaits_seller`."""
        return self.filter(status=RefundCourse.Status.REQUESTED, escalated_at__isnull=True)

    def awaiting_support(self):
        """Twin of `Refund.awaits_support`."""
        return self.filter(status=RefundCourse.Status.REQUESTED, escalated_at__isnull=False)

    def overdue(self, now=None):
        """The seller's time is over."""
        return self.awaiting_seller().filter(answer_by__lte=now or timezone.now())

    def to_send(self, now=None):
        """On their way, and nobody is at them: to be sent, or asked about, the longest waiting first."""
        now = now or timezone.now()
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        on_their_way = [RefundCourse.Status.APPROVED, RefundCourse.Status.SENDING]
        found = self.filter(free, status__in=on_their_way, try_at__lte=now)
        return found.exclude(kind=RefundCourse.Kind.CHARGEBACK).order_by("try_at", "pk")

    def parts(self) -> Parts:
        """What they are made of, all together."""
        sums = self.aggregate(tax=Sum("tax_amount"), fee=Sum("fee_amount"), seller=Sum("seller_amount"))
        return Parts(**{name: amount or Decimal("0.00") for name, amount in sums.items()})

    def gross(self) -> Decimal:
        """What they give back, all together."""
        sums = self.aggregate(amount=Sum("amount"), tax=Sum("tax_amount"))
        return sum((part or 0 for part in sums.values()), Decimal("0.00"))

    def net_and_tax(self) -> Parts:
        """The same of those that are no sale's: their net price stands as the seller's part."""
        sums = self.aggregate(tax=Sum("tax_amount"), seller=Sum("amount"))
        return Parts(**{name: amount or Decimal("0.00") for name, amount in sums.items()})

    def with_page_data(self):
        """All that a row of a list shows."""
        return self.select_related(
            "transaction__order",
            "transaction__model__creator",
            "transaction__model__current_file",
            "transaction__course__instructor",
            "transaction__buyer",
            "transaction__purchase",
        )

    def newest_first(self):
        return self.order_by("-created_at", "-pk")
