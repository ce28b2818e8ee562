"""How far a bounty is: its states, when it reached them, and the transitions. Part of `Bounty`."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from commerce.models.payment import Payment


class BountyProgress(models.Model):
    """unpaid -> open -> judging -> awarded | cancelled | expired; unpaid -> cancelled, open -> awarded too.

    Every transition is made by `commerce.actions.bounties`, under the locks of poster and bounty.
    """

    class Status(models.TextChoices):
        UNPAID = "unpaid", "Not paid yet"
        OPEN = "open", "Open"
        JUDGING = "judging", "Being judged"
        AWARDED = "awarded", "Awarded"
        CANCELLED = "cancelled", "Cancelled"
        EXPIRED = "expired", "Expired"

    # The budget is held, and somebody may still get it.
    RUNNING = (Status.OPEN, Status.JUDGING)
    ENDED = (Status.AWARDED, Status.CANCELLED, Status.EXPIRED)
    # A bounty that opens, or whose deadline is moved, is open at least so long.
    SHORTEST = timedelta(days=1)
    deadline = models.DateTimeField()

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UNPAID)
    # The payment whose money is held; attempts that failed have a row of their own (`BountyPayment`).
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, blank=True, editable=False, related_name="bounty"
    )
    winner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="won_bounties",
    )

    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    judging_until = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    close_reason = models.CharField(max_length=500, blank=True, editable=False)
    # How often the poster was reminded to choose, and when support was asked to.
    reminders = models.PositiveSmallIntegerField(default=0, editable=False)
    escalated_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def takes_work(self) -> bool:
        """Whether applications and submissions are taken now."""
        return self.status == self.Status.OPEN and not self.is_removed and self.deadline > timezone.now()

    @property
    def has_time_left(self) -> bool:
        """Whether its deadline is far enough ahead to open it now."""
        return self.deadline >= timezone.now() + self.SHORTEST

    @property
    def is_unpaid(self) -> bool:
        return self.status == self.Status.UNPAID

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_judged(self) -> bool:
        return self.status == self.Status.JUDGING

    @property
    def is_awarded(self) -> bool:
        return self.status == self.Status.AWARDED

    @property
    def is_ended(self) -> bool:
        return self.status in self.ENDED

    @property
    def holds_money(self) -> bool:
        """Instance twin of `BountyQuerySet.holding_money`."""
        return self.status in self.RUNNING

    @property
    def is_overdue(self) -> bool:
        """Instance twin of `BountyQuerySet.judging_over`."""
        return self.is_judged and self.judging_until <= timezone.now()

    # The transitions. Each is for a caller who holds the bounty's lock and has checked that it may happen.

    def open(self, payment: Payment, at: datetime) -> None:
        """Its budget has been paid: everybody sees it."""
        self.payment = payment
        self._become(self.Status.OPEN, opened_at=at)

    def judge(self) -> None:
        """No more work is taken; its poster chooses."""
        until = self.deadline + timedelta(days=settings.BOUNTY_JUDGING_DAYS)
        self._become(self.Status.JUDGING, judging_until=until)

    def add_time(self, span: timedelta) -> None:
        """Nobody could do anything about it for so long."""
        self.deadline += span if self.is_open else timedelta()
        self.judging_until = self.judging_until + span if self.is_judged else self.judging_until
        self.save(update_fields=["deadline", "judging_until", "updated_at"])

    def award(self, winner, at: datetime) -> None:
        self.winner = winner
        self._become(self.Status.AWARDED, closed_at=at)

    def cancel(self, at: datetime, reason: str = "") -> None:
        self._become(self.Status.CANCELLED, closed_at=at, close_reason=reason)

    def expire(self, at: datetime) -> None:
        self._become(self.Status.EXPIRED, closed_at=at)

    def _become(self, status: Status, **fields) -> None:
        self.status = status
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=["status", "payment", "winner", *fields, "updated_at"])
