"""Who has which plan, until when, and what was paid for it."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commerce.models.plan import Interval, Plan
from core.models import TimestampedModel


class SubscriptionState(models.TextChoices):
    INCOMPLETE = "incomplete", "Waiting for its first payment"
    TRIALING = "trialing", "Trial"
    ACTIVE = "active", "Active"
    PAST_DUE = "past_due", "Payment overdue"
    CANCELLED = "cancelled", "Cancelled, runs to its end"
    EXPIRED = "expired", "Ended"


# In these somebody has what the plan gives.
LIVE = (
    SubscriptionState.TRIALING,
    SubscriptionState.ACTIVE,
    SubscriptionState.PAST_DUE,
    SubscriptionState.CANCELLED,
)
STANDING = (SubscriptionState.INCOMPLETE, *LIVE)


class SubscriptionQuerySet(models.QuerySet):
    def of_user(self, user):
        return self.filter(user=user)

    def live(self):
        """The list twin of `Subscription.is_live`."""
        return self.filter(state__in=LIVE)

    def standing(self):
        """What keeps its person from another one: at most one a person."""
        return self.filter(state__in=STANDING)

    def due(self, now: datetime):
        """What something has to be done about, and nobody is at it; the longest waiting first."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        return self.live().filter(free, due_at__lte=now).order_by("due_at", "pk")

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class Subscription(TimestampedModel):
    """incomplete -> active | expired; trialing -> active | expired; active -> past_due -> active | expired;
    trialing or active <-> cancelled -> expired.

    While it is past due its person keeps what the plan gives. `price` is what a period costs, before tax, as it was
    bought; a plan that costs something else by now costs that from the next renewal on, and never more than its person
    agreed to (`next_price`, where they have chosen something else) or was told of in time (`announced_price`).
    """

    State = SubscriptionState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="subscriptions")
    state = models.CharField(max_length=10, choices=State.choices)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="subscriptions")
    interval = models.CharField(max_length=5, choices=Interval.choices)
    price = models.DecimalField(max_digits=7, decimal_places=2)
    # Where the person says that they live, which decides on the tax.
    country = models.CharField(max_length=2, blank=True)
    period_start = models.DateTimeField(null=True, blank=True)
    period_end = models.DateTimeField(null=True, blank=True)
    # Day of the month on which periods begin, also after a shorter month.
    anchor_day = models.PositiveSmallIntegerField(default=1, editable=False)
    trial_ends_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # What it becomes at the period's end.
    next_plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="+")
    next_interval = models.CharField(max_length=5, choices=Interval.choices, blank=True)
    next_price = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    # The price of the period that follows the end `announced_for`, told beforehand.
    announced_price = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    announced_for = models.DateTimeField(null=True, blank=True)
    # Since when the next period is not paid, and how often it was tried.
    overdue_since = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    # When something is to be done about it next, and until when somebody is at it.
    due_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        permissions = [("manage_subscription", "Can extend, cancel and retry subscriptions")]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=STANDING), name="subscription_one_standing"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(trial_ends_at__isnull=False), name="subscription_trial_once"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="subscription_price_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=LIVE)
                | Q(period_start__isnull=False, period_end__isnull=False, due_at__isnull=False),
                name="subscription_live_has_period",
            ),
            models.CheckConstraint(
                condition=Q(period_end__isnull=True) | Q(period_end__gt=F("period_start")),
                name="subscription_period_has_length",
            ),
            models.CheckConstraint(
                condition=Q(anchor_day__gte=1, anchor_day__lte=31), name="subscription_anchor_is_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state=SubscriptionState.CANCELLED) | Q(cancelled_at__isnull=False),
                name="subscription_cancelled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubscriptionState.EXPIRED) | Q(ended_at__isnull=False),
                name="subscription_expired_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubscriptionState.PAST_DUE) | Q(overdue_since__isnull=False),
                name="subscription_past_due_has_time",
            ),
            models.CheckConstraint(
                condition=Q(next_plan__isnull=True, next_interval="", next_price__isnull=True)
                | (Q(next_plan__isnull=False, next_price__gt=0) & ~Q(next_interval="")),
                name="subscription_next_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=LIVE), name="subscription_due"),
            models.Index(fields=["user", "-created_at"], name="subscription_of_user"),
        ]

    def __str__(self):
        return f"{self.plan_id} of {self.user_id}"

    @property
    def is_live(self) -> bool:
        """Whether its person has what the plan gives."""
        return self.state in LIVE

    @property
    def is_on_trial(self) -> bool:
        """Whether nothing has been paid for the time that runs, also where it will not go on."""
        return self.is_live and self.trial_ends_at is not None and self.period_end == self.trial_ends_at

    @property
    def renews(self) -> bool:
        """Whether it goes on by itself when the period ends."""
        return self.state in (self.State.TRIALING, self.State.ACTIVE, self.State.PAST_DUE)

    @property
    def target_plan(self) -> Plan:
        """What it is from the next period on."""
        return self.next_plan or self.plan

    @property
    def target_interval(self) -> str:
        return self.next_interval or self.interval

    def run(self, period) -> None:
        """The time of `period` (a `SubscriptionPeriod`) is paid."""
        is_rest = period.kind == period.Kind.CHANGE and period.interval == self.interval
        if not is_rest:
            if period.kind != period.Kind.RENEWAL or period.start != self.period_end:
                self.anchor_day = period.start.day
            self.period_start, self.period_end = period.start, period.end
        self.plan, self.interval, self.price = period.plan, period.interval, period.price
        self.state = self.State.ACTIVE
        self.due_at = self.period_end
        self.overdue_since = self.ended_at = self.cancelled_at = None
        self.attempts = 0
        self.forget_change()
        self.save()

    def plan_change(self, plan: Plan, interval: str) -> None:
        """It becomes something else at the period's end, for what that costs now."""
        self.next_plan, self.next_interval, self.next_price = plan, interval, plan.price(interval)
        self.save()

    def go_back_to(self, period, *, same_time: bool) -> None:
        """A change to more is undone: it is again what `period` paid for, until then."""
        if not same_time:
            self.period_start, self.period_end, self.anchor_day = period.start, period.end, period.start.day
        self.plan, self.interval, self.price = period.plan, period.interval, period.price
        if self.state in (self.State.ACTIVE, self.State.CANCELLED):
            self.due_at = self.period_end
        self.forget_change()
        self.save()

    def forget_change(self) -> None:
        """Without saving."""
        self.next_plan, self.next_interval, self.next_price = None, "", None

    def cancel(self, at: datetime) -> None:
        """It runs to the end of what is paid, or of the trial."""
        self.state, self.cancelled_at, self.due_at = self.State.CANCELLED, at, self.period_end
        self.forget_change()
        self.save()

    def resume(self) -> None:
        """It goes on after all."""
        self.state = self.State.TRIALING if self.is_on_trial else self.State.ACTIVE
        self.cancelled_at = None
        self.save()

    def expire(self, at: datetime) -> None:
        self.state, self.ended_at, self.due_at, self.leased_until = self.State.EXPIRED, at, None, None
        self.forget_change()
        self.save()

    def fall_due(self, at: datetime, again_at: datetime) -> None:
        """The next period could not be paid; it is tried again."""
        self.state = self.State.PAST_DUE
        self.overdue_since = self.overdue_since or at
        self.due_at = again_at
        self.save()

    def extend(self, days: int) -> None:
        """The time that runs ends so much later."""
        was_trial = self.is_on_trial
        self.period_end += timedelta(days=days)
        if was_trial:
            self.trial_ends_at = self.period_end
        self.anchor_day = self.period_end.day
        if self.state != self.State.PAST_DUE:
            self.due_at = self.period_end
        self.save()

    def current_period(self):
        """What was paid last, or None."""
        return self.periods.paid().order_by("-pk").first()

    def waiting_period(self):
        return self.periods.waiting().select_related("payment").first()
