"""Coupons: a percentage off an order, and who has used which."""

from django.conf import settings
from django.core.validators import MinLengthValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone

from commerce.models.order import Order
from core.models import TimestampedModel

MAX_CODE = 40


class CouponQuerySet(models.QuerySet):
    def with_code(self, code: str):
        """The coupon that people mean by `code`, however they write it."""
        return self.filter(code__iexact=code.strip())

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class Coupon(TimestampedModel):
    """`used_count` counts the uses that are reserved by an order or used; a released one is free again."""

    code = models.CharField(
        max_length=MAX_CODE,
        validators=[
            MinLengthValidator(3),
            RegexValidator(r"\A[A-Za-z0-9_-]+\Z", "Use letters, digits, hyphens and underscores only."),
        ],
        help_text="People may write it in small or capital letters.",
    )
    percent = models.DecimalField(
        "percent off",
        max_digits=5,
        decimal_places=2,
        help_text="More than 0, at most 100. With 100 an order needs no payment.",
    )
    max_uses = models.PositiveIntegerField(
        "maximum uses",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Over all people; empty: no limit. Each person uses it once.",
    )
    used_count = models.PositiveIntegerField("uses", default=0, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    is_active = models.BooleanField("active", default=True)

    objects = CouponQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Upper("code"),
                name="coupon_code_unique",
                violation_error_message="There is such a coupon already.",
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100),
                name="coupon_percent_in_range",
                violation_error_message="The percentage is more than 0 and at most 100.",
            ),
            models.CheckConstraint(
                condition=Q(max_uses__isnull=True) | Q(max_uses__gte=1), name="coupon_max_uses_positive"
            ),
            models.CheckConstraint(
                condition=Q(max_uses__isnull=True) | Q(used_count__lte=F("max_uses")),
                name="coupon_never_over_used",
                violation_error_message="It has been used more often than that.",
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def percent_text(self) -> str:
        """The percentage without zeros at its end."""
        return f"{self.percent.normalize():f}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def has_room(self, *, besides: int = 0) -> bool:
        """Whether somebody may use it now, where `besides` of its uses are about to be given up."""
        return self.max_uses is None or self.used_count - besides < self.max_uses

    def reserve_for(self, order: Order) -> "CouponUse":
        """Take a use; the caller holds the coupon's row and has looked whether there is one."""
        self._count(1)
        return CouponUse.objects.create(coupon=self, user_id=order.buyer_id, order=order)

    def _count(self, change: int) -> None:
        Coupon.objects.filter(pk=self.pk).update(used_count=F("used_count") + change)


class CouponUseQuerySet(models.QuerySet):
    def of_user(self, user):
        return self.filter(user=user)

    def reserved(self):
        return self.filter(status=CouponUse.Status.RESERVED)

    def used(self):
        return self.filter(status=CouponUse.Status.USED)

    def counted(self):
        """Those that nobody else can have: the list twin of `CouponUse.is_counted`."""
        return self.filter(status__in=[CouponUse.Status.RESERVED, CouponUse.Status.USED])


class CouponUse(TimestampedModel):
    """reserved at checkout -> used with the completed order | released; released -> reserved when paid again."""

    class Status(models.TextChoices):
        RESERVED = "reserved", "Reserved"
        USED = "used", "Used"
        RELEASED = "released", "Released"

    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="uses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="coupon_uses")
    order = models.ForeignKey(Order, models.PROTECT, related_name="coupon_uses")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RESERVED)

    objects = CouponUseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], name="coupon_use_once_per_order"),
            models.UniqueConstraint(
                fields=["coupon", "user"],
                condition=Q(status__in=["reserved", "used"]),
                name="coupon_use_once_per_person",
            ),
        ]

    def __str__(self):
        return f"{self.coupon_id} by {self.user_id}"

    @property
    def is_counted(self) -> bool:
        return self.status in (self.Status.RESERVED, self.Status.USED)

    def use(self) -> None:
        """The order is completed."""
        self._become(self.Status.USED)

    def release(self) -> None:
        """The order came to nothing: somebody else may have the use."""
        self._become(self.Status.RELEASED)
        self.coupon._count(-1)

    def take_back(self) -> None:
        """The opposite of `release`; the caller holds the coupon's row and has looked whether there is room."""
        self._become(self.Status.RESERVED)
        self.coupon._count(1)

    def _become(self, status) -> None:
        self.status = status
        self.save(update_fields=["status", "updated_at"])
