"""The books: every movement of money as signed entries that add up to nothing. See docs/decisions on the ledger."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from commerce.models.order import Transaction
from commerce.models.payment import Payment

# No sum that the columns hold is larger; it is here since PostgreSQL takes NaN for a number larger than any other.
BOUND = Decimal("10000000000.00")


class LedgerMovement(models.Model):
    """One event that moved money; never changed, never deleted. `key` says which, so that none is posted twice."""

    class Kind(models.TextChoices):
        SALE = "sale", "Sale"
        COST = "cost", "Provider's cost"
        REFUND = "refund", "Refund"
        DUE = "due", "Money that bought nothing"
        DUE_REFUND = "due_refund", "Money that bought nothing sent back"
        PAYOUT_RESERVE = "payout_reserve", "Payout requested"
        PAYOUT_PAID = "payout_paid", "Payout paid"
        PAYOUT_RETURN = "payout_return", "Payout returned by the bank"
        PAYOUT_DECLINE = "payout_decline", "Payout declined"
        ESCROW = "escrow", "Budget of a bounty"
        AWARD = "award", "Bounty awarded"
        ESCROW_RETURN = "escrow_return", "Budget of a bounty returned"
        PLAN = "plan", "Plan"
        DISPUTE_HOLD = "dispute_hold", "Dispute opened"
        DISPUTE_WON = "dispute_won", "Dispute won"
        DISPUTE_LOST = "dispute_lost", "Dispute lost"
        HOLD = "hold", "Proceeds held"
        RELEASE = "release", "Held proceeds released"

    key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="movements")
    transaction = models.ForeignKey(
        Transaction, models.PROTECT, null=True, blank=True, related_name="movements"
    )
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["kind", "-created_at"], name="ledger_movement_of_kind")]

    def __str__(self):
        return self.key


class LedgerEntryQuerySet(models.QuerySet):
    def of(self, account: str, owner=None):
        """An account's entries: of one owner, or of all where none is named."""
        found = self.filter(account=account)
        return found if owner is None else found.filter(owner=owner)

    def inside(self):
        """Of the accounts that the site keeps, without those that stand for the world outside."""
        return self.exclude(account__in=LedgerEntry.OUTSIDE)

    def between(self, since=None, until=None):
        """From `since` on, before `until`."""
        found = self if since is None else self.filter(created_at__gte=since)
        return found if until is None else found.filter(created_at__lt=until)

    def with_movement(self):
        """All that a line of a statement shows."""
        return self.select_related("movement__transaction__order", "movement__payment")

    def newest_first(self):
        return self.order_by("-pk")


class LedgerEntry(models.Model):
    """One account's part in a movement. `amount` is added to what the account holds."""

    class Account(models.TextChoices):
        BUYER = "buyer", "Buyer"
        BANK = "bank", "Bank account of a creator"
        PROVIDER = "provider", "Payment providers' costs"
        SELLER = "seller", "Creator's balance"
        FEE = "fee", "Fees"
        TAX = "tax", "Tax"
        RESERVED = "reserved", "Payouts requested"
        HELD = "held", "Held for disputes and claims"
        ESCROW = "escrow", "Budgets of bounties"
        PLANS = "plans", "Plans"
        DUE = "due", "To be sent back"

    # What they hold is the world's: what buyers have given is negative here, what creators were paid out positive.
    OUTSIDE = (Account.BUYER, Account.BANK, Account.PROVIDER)
    OWNED = (
        *(Account.BUYER, Account.BANK, Account.SELLER, Account.RESERVED, Account.HELD, Account.ESCROW),
        Account.DUE,
    )

    movement = models.ForeignKey(LedgerMovement, models.PROTECT, related_name="entries")
    account = models.CharField(max_length=10, choices=Account.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ledger_entries",
        db_index=False,
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    # From when on a creator may have it paid out; empty where that is at once.
    available_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0) & Q(amount__gt=-BOUND, amount__lt=BOUND),
                name="ledger_entry_moves_money",
            ),
            models.CheckConstraint(
                condition=Q(account__in=["buyer", "bank", "seller", "reserved", "held", "escrow", "due"])
                & Q(owner__isnull=False)
                | Q(account__in=["provider", "fee", "tax", "plans"]) & Q(owner__isnull=True),
                name="ledger_entry_owner_fits_account",
            ),
            models.CheckConstraint(
                condition=Q(account="seller") | Q(available_at__isnull=True),
                name="ledger_entry_only_sellers_wait",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "owner", "id"],
                include=["amount", "currency"],
                name="ledger_entry_of_account",
            ),
            models.Index(fields=["owner", "-id"], name="ledger_entry_of_owner"),
            models.Index(
                fields=["owner", "available_at"], condition=Q(account="seller"), name="ledger_entry_waiting"
            ),
            # A creator's statements, and what in them is no plain sale: a few among a million.
            models.Index(
                fields=["owner", "-created_at", "-id"],
                condition=Q(account="seller"),
                name="ledger_entry_of_seller",
            ),
            models.Index(
                fields=["owner", "-created_at", "-id"],
                condition=Q(account="seller") & (Q(amount__lt=0) | Q(available_at__isnull=True)),
                name="ledger_entry_no_plain_sale",
            ),
        ]

    def __str__(self):
        return f"{self.amount} {self.currency} {self.account}"


class LedgerCheckpoint(models.Model):
    """What an account held up to and including an entry, so that long accounts need not be added up from the start.

    Can be deleted at any time: it only saves adding. `owner` is empty for an account as a whole.
    """

    account = models.CharField(max_length=10, choices=LedgerEntry.Account.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    currency = models.CharField(max_length=3)
    upto = models.BigIntegerField("last entry that is counted")
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "account", "currency", "upto"],
                nulls_distinct=False,
                name="ledger_checkpoint_once",
            )
        ]

    def __str__(self):
        return f"{self.amount} {self.currency} {self.account} up to {self.upto}"
