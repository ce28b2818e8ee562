"""What can be subscribed to, what it costs, and what it gives."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q

from accounts.entitlements import Limits, everybodys_limits
from core.models import TimestampedModel

_LIMITS = ("max_upload_bytes", "storage_bytes", "private_models", "analytics_days", "hold_days")
# Largest price of a period; what a column holds is more.
MAX_PLAN_PRICE = Decimal("99999.99")


class Interval(models.TextChoices):
    """For how long a payment lasts."""

    MONTH = "month", "Monthly"
    YEAR = "year", "Yearly"

    @property
    def months(self) -> int:
        return 12 if self == Interval.YEAR else 1

    @property
    def adverb(self) -> str:
        return self.label.lower()


class PlanQuerySet(models.QuerySet):
    def offered(self):
        """What can be chosen now, the smallest first; see `Plan.is_active`."""
        return self.filter(is_active=True).order_by("rank")

    def paid(self):
        """The list twin of `not Plan.is_free`."""
        return self.filter(price_monthly__gt=0)

    def with_subscribers(self):
        """With `having`: how many people have it now."""
        live = Q(subscriptions__state__in=["trialing", "active", "past_due", "cancelled"])
        return self.annotate(having=Count("subscriptions", filter=live))

    def free(self):
        """What everybody has who pays for nothing."""
        return self.filter(price_monthly=0).first()


class Plan(TimestampedModel):
    """One of the plans on the pricing page. The free one gives what the settings say, so it has no limits of its own.

    A change of price concerns new subscriptions at once and others when they are renewed; a change of limits concerns
    all at once (`commerce.actions.plans.change_plan`).
    """

    slug = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=40, unique=True)
    tagline = models.CharField(max_length=120, help_text="For whom it is, in one line.")
    features = models.TextField(
        max_length=1000, blank=True, help_text="What it gives besides its limits: a line each."
    )
    rank = models.PositiveSmallIntegerField(
        unique=True, help_text="The order on the page; who changes to a higher rank changes up."
    )
    price_monthly = models.DecimalField(
        max_digits=7,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.00")), MaxValueValidator(MAX_PLAN_PRICE)],
        help_text="Of a month, before tax.",
    )
    price_yearly = models.DecimalField(
        max_digits=7,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.00")), MaxValueValidator(MAX_PLAN_PRICE)],
        help_text="Of a whole year, before tax.",
    )
    trial_days = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(90)], help_text="0: none."
    )
    max_upload_bytes = models.PositiveBigIntegerField(
        "bytes of one file", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    storage_bytes = models.PositiveBigIntegerField(
        "bytes kept in all", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    private_models = models.PositiveIntegerField("models that may be private", null=True, blank=True)
    analytics_days = models.PositiveIntegerField(
        "days that statistics go back", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    hold_days = models.PositiveSmallIntegerField("days that proceeds are held", null=True, blank=True)
    is_active = models.BooleanField(
        "offered", default=True, help_text="Who has it keeps it, also where it is not offered any more."
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(price_monthly__gte=0, price_yearly__gte=0), name="plan_prices_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(price_monthly=0, price_yearly=0) | Q(price_monthly__gt=0, price_yearly__gt=0),
                name="plan_costs_in_both_intervals_or_none",
                violation_error_message="A plan costs something by the month and by the year, or nothing.",
            ),
            models.CheckConstraint(
                condition=Q(price_monthly=0, **{f"{name}__isnull": True for name in _LIMITS})
                | Q(price_monthly__gt=0, **{f"{name}__isnull": False for name in _LIMITS}),
                name="plan_limits_where_it_costs",
                violation_error_message="A plan that costs something has all limits, the free one none.",
            ),
            models.CheckConstraint(
                condition=Q(max_upload_bytes__isnull=True)
                | Q(max_upload_bytes__gt=0, storage_bytes__gt=0, analytics_days__gt=0),
                name="plan_limits_positive",
            ),
            models.CheckConstraint(
                condition=Q(price_monthly__gt=0) | Q(trial_days=0), name="plan_trial_where_it_costs"
            ),
            models.UniqueConstraint(
                F("price_monthly"),
                condition=Q(price_monthly=0),
                name="plan_one_is_free",
                violation_error_message="There is one free plan already.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_free(self) -> bool:
        return not self.price_monthly

    @property
    def limits(self) -> Limits:
        """What it gives."""
        if self.is_free:
            return everybodys_limits()
        return Limits(label=self.name, **{name: getattr(self, name) for name in _LIMITS})

    @property
    def feature_lines(self) -> list[str]:
        return [line.strip() for line in self.features.splitlines() if line.strip()]

    @property
    def saving_percent(self) -> int:
        """How much less a year costs than twelve months, in whole percent; 0 where it does not."""
        twelve = self.price_monthly * 12
        return int(100 * (twelve - self.price_yearly) / twelve) if twelve > self.price_yearly else 0

    def price(self, interval: str) -> Decimal:
        """Of one period, before tax."""
        return self.price_yearly if interval == Interval.YEAR else self.price_monthly
