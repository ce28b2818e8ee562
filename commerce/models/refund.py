"""Money that goes back: asked for, decided, sent, and arrived or not."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from commerce.models.dispute import Dispute
from commerce.models.order import Transaction
from commerce.models.payment import Payment
from commerce.models.refund_course import RefundCourse, RefundQuerySet
from commerce.refunding.parts import Parts
from core.models import TimestampedModel

_BANKS_WORD = {
    RefundCourse.Status.APPROVED: "The bank decides",
    RefundCourse.Status.COMPLETED: "The bank took it back",
    RefundCourse.Status.CANCELLED: "The bank let it be",
}


class Refund(RefundCourse, TimestampedModel):
    """What goes back of one sale, or of a payment that made none; its states are those of `RefundCourse`."""

    TEXT_LENGTH = 2000

    class Reason(models.TextChoices):
        """What a buyer may say; the others are said by the site."""

        NOT_NEEDED = "not_needed", "I do not need it any more"
        MISTAKE = "mistake", "I bought it by mistake"
        NOT_AS_LISTED = "not_as_listed", "It is not what the page says"
        BROKEN = "broken", "A file cannot be opened"
        QUALITY = "quality", "Its quality is not what I expected"
        LICENCE = "licence", "Its licence or its rights are in doubt"
        OTHER = "other", "Something else"
        GOODWILL = "goodwill", "Decided by support"
        DUE = "due", "The payment bought nothing"
        BANK = "bank", "The buyer's bank took it back"

    class Grounds(models.TextChoices):
        """Why it was approved without anybody being asked."""

        NEVER_DOWNLOADED = "never_downloaded", "Never downloaded"
        CONTRADICTED = "contradicted", "What we measured contradicts the listing"

    BUYERS_REASONS = (
        Reason.NOT_NEEDED, Reason.MISTAKE, Reason.NOT_AS_LISTED, Reason.BROKEN, Reason.QUALITY, Reason.LICENCE,
        Reason.OTHER,
    )  # fmt: skip
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=RefundCourse.Kind.choices, default=RefundCourse.Kind.SALE)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    # Empty for money that bought nothing, or something else than models.
    transaction = models.ForeignKey(
        Transaction, models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    # Of which a bank's decision is the end.
    dispute = models.ForeignKey(Dispute, models.PROTECT, null=True, blank=True, related_name="shares")
    # What is asked for while undecided, and what was decided from then on.
    amount = models.DecimalField("net amount, before tax", max_digits=12, decimal_places=2)
    tax_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    fee_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    seller_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    asked_amount = models.DecimalField("asked for, with tax", max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    status = models.CharField(
        max_length=10, choices=RefundCourse.Status.choices, default=RefundCourse.Status.REQUESTED
    )
    reason = models.CharField(max_length=16, choices=Reason.choices)
    text = models.TextField(max_length=TEXT_LENGTH, blank=True)
    # Of a plan: whether the time that was paid for ends when the money has gone back.
    ends_plan = models.BooleanField("the plan ends with it", default=False)
    grounds = models.CharField(max_length=16, choices=Grounds.choices, blank=True)
    # What was measured against what was said, as `commerce.refunding.facts.Fact`.
    evidence = models.JSONField(default=list, blank=True)
    # Empty for what the site does by itself.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer_by = models.DateTimeField("the seller's time ends", null=True, blank=True)
    answer = models.CharField(
        "the seller's answer", max_length=10, choices=RefundCourse.Answer.choices, blank=True
    )
    answer_text = models.TextField(max_length=TEXT_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # Since when it is support's to decide, and until when that was promised.
    escalated_at = models.DateTimeField(null=True, blank=True)
    decide_by = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_text = models.TextField(max_length=TEXT_LENGTH, blank=True)
    provider_id = models.CharField("the provider's id", max_length=200, blank=True)
    # Counts the sendings that ended for good: a new one is a new refund in the provider's eyes.
    sending_number = models.PositiveSmallIntegerField(default=1, editable=False)
    # Counts how often it completed: each time posts to the ledger anew.
    completions = models.PositiveSmallIntegerField(default=0, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    try_at = models.DateTimeField("to be sent, or asked about, next", null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    # Where the buyer has to fetch the money themselves, as with crypto.
    claim_url = models.URLField(max_length=500, blank=True)
    failure_message = models.CharField(max_length=500, blank=True)
    # Whether the provider said that it will not send it; else it just never answered.
    failure_is_final = models.BooleanField(default=False, editable=False)
    completed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(
        "failed, taken back or declined at", null=True, blank=True, editable=False
    )

    objects = RefundQuerySet.as_manager()

    class Meta:
        permissions = [
            ("decide_refund", "Can decide on refunds and give money back"),
            ("restart_refund", "Can send failed refunds again"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, tax_amount__gte=0, fee_amount__gte=0, seller_amount__gte=0),
                name="refund_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(tax_amount__gt=0), name="refund_of_something"
            ),
            models.CheckConstraint(
                condition=Q(kind="due", transaction__isnull=True, fee_amount=0, seller_amount=0, tax_amount=0)
                | Q(kind__in=["plan", "chargeback"], transaction__isnull=True, fee_amount=0, seller_amount=0)
                | Q(
                    kind__in=["sale", "chargeback"],
                    transaction__isnull=False,
                    amount=F("fee_amount") + F("seller_amount"),
                ),
                name="refund_parts_add_up",
            ),
            models.CheckConstraint(
                condition=Q(ends_plan=False) | Q(kind="plan"), name="refund_only_of_plan_ends_it"
            ),
            models.CheckConstraint(
                condition=Q(asked_amount__gte=F("amount") + F("tax_amount")), name="refund_at_most_asked"
            ),
            models.CheckConstraint(
                condition=Q(kind="chargeback", dispute__isnull=False)
                | (~Q(kind="chargeback") & Q(dispute__isnull=True)),
                name="refund_chargeback_of_dispute",
            ),
            # A purchase has one request at a time; what a bank does asks nobody.
            models.UniqueConstraint(
                fields=["transaction"],
                condition=Q(kind="sale", status__in=["requested", "approved", "sending"]),
                name="refund_one_open_a_purchase",
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(kind="due", status__in=["requested", "approved", "sending", "completed"]),
                name="refund_due_once",
            ),
            models.UniqueConstraint(
                fields=["payment", "provider_id"],
                condition=~Q(provider_id=""),
                name="refund_provider_id_unique",
            ),
            models.CheckConstraint(
                condition=Q(status="requested") | Q(decided_at__isnull=False) | Q(status="cancelled"),
                name="refund_decided_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="completed") | Q(completed_at__isnull=False),
                name="refund_completed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(failure_message=""), name="refund_failure_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(decision_text=""), name="refund_declined_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(answer="refused") | ~Q(answer_text=""), name="refund_refusal_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["transaction", "-created_at"], name="refund_of_transaction"),
            models.Index(
                fields=["answer_by"],
                condition=Q(status="requested", escalated_at__isnull=True),
                name="refund_for_seller",
            ),
            models.Index(
                fields=["decide_by"],
                condition=Q(status="requested", escalated_at__isnull=False),
                name="refund_for_support",
            ),
            models.Index(
                fields=["try_at"], condition=Q(status__in=["approved", "sending"]), name="refund_to_send"
            ),
        ]

    def __str__(self):
        return str(self.public_id)

    def get_absolute_url(self):
        """The buyer's page about it; money that bought nothing has none."""
        if self.transaction_id is None:
            return ""
        return reverse("commerce:refund", args=[self.transaction.purchase.public_id])

    @property
    def reason_text(self) -> str:
        """Why, for pages; of what a bank takes it is not said that it has."""
        if self.kind == self.Kind.CHARGEBACK:
            return "The buyer contests it at their bank"
        return self.get_reason_display()

    @property
    def state_text(self) -> str:
        """How far it is, for pages."""
        if self.kind == self.Kind.CHARGEBACK:
            return _BANKS_WORD.get(self.status, self.get_status_display())
        if self.awaits_seller:
            return "Waits for the seller"
        return "Support decides" if self.awaits_support else self.get_status_display()

    @property
    def number(self) -> str:
        """What people quote."""
        return str(self.public_id)[:8].upper()

    @property
    def parts(self) -> Parts:
        return Parts(tax=self.tax_amount, fee=self.fee_amount, seller=self.seller_amount)

    @property
    def gross(self) -> Decimal:
        """What the buyer gets back."""
        return self.amount + self.tax_amount
