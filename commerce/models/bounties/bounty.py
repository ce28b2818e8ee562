"""A bounty: a model that somebody wants made, and the budget that is held for whoever makes it."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from commerce.models.bounties.billing import BilledModel
from commerce.models.bounties.progress import BountyProgress
from commerce.models.dispute import Dispute
from core.markdown import plain_text
from core.models import ModeratedModel, ModeratedQuerySet, TimestampedModel
from marketplace.models import Category, License, ModelFile
from marketplace.models.indexing import may_be_found

# No setting goes beyond them.
LOWEST_BUDGET, HIGHEST_BUDGET = Decimal("1.00"), Decimal("1000000.00")

SUMMARY_LENGTH = 160


def picture_path(instance, filename):
    """Public, and random: it tells nothing of the bounty."""
    return f"bounties/{uuid.uuid4().hex}/{filename}"


def may_see_all(user) -> bool:
    """Whether `user` moderates bounties or decides about them, and so sees every one."""
    return (
        user.is_authenticated
        and user.is_staff
        and (user.has_perm("commerce.moderate_bounty") or user.has_perm("commerce.decide_bounty"))
    )


class BountyQuerySet(ModeratedQuerySet):
    """Scopes: each list rule has an instance twin on the bounty."""

    def of_poster(self, user):
        return self.filter(creator=user)

    def awaiting_decision(self):
        """Their poster has not chosen in time, so support does."""
        return self.filter(status=Bounty.Status.JUDGING, escalated_at__isnull=False)

    def open_to_all(self):
        """What everyone may see: paid for once, not taken down, by somebody whose account is active."""
        return self.not_removed().filter(opened_at__isnull=False, creator__is_active=True)

    def indexed(self):
        """Whose pages search engines may list: see `Bounty.is_indexed`."""
        left_out = [Bounty.Status.CANCELLED, Bounty.Status.EXPIRED]
        return self.open_to_all().exclude(status__in=left_out).exclude(creator__profile__is_indexed=False)

    def visible_to(self, user):
        """What `user` may see: what is open to all, their own, what they applied to; everything for the staff of it."""
        if may_see_all(user):
            return self
        if not user.is_authenticated:
            return self.open_to_all()
        ids = Bounty.objects.open_to_all().values("pk")
        took_part = self.model.objects.not_removed().filter(applications__applicant=user).values("pk")
        return self.filter(Q(creator=user) | Q(pk__in=ids) | Q(pk__in=took_part))

    def listed(self, now=None):
        """What everybody may still answer: see `Bounty.is_listed`."""
        return self.open_to_all().filter(status=Bounty.Status.OPEN, deadline__gt=now or timezone.now())

    def holding_money(self):
        """Those whose budget has been paid and is neither awarded nor on its way back: see `Bounty.holds_money`."""
        return self.filter(status__in=Bounty.RUNNING)

    def past_deadline(self, now=None):
        return self.filter(status=Bounty.Status.OPEN, deadline__lte=now or timezone.now())

    def judging_over(self, now=None):
        """Those whose poster has not chosen in time: see `Bounty.is_overdue`."""
        return self.filter(status=Bounty.Status.JUDGING, judging_until__lte=now or timezone.now())

    def frozen(self):
        """Those about whose money a bank decides: see `commerce.bounties.rules.is_frozen`."""
        return self.filter(payment__in=Dispute.objects.open().values("payment"))

    def not_frozen(self):
        return self.exclude(payment__in=Dispute.objects.open().values("payment"))

    def with_card_data(self):
        """All that a card shows, in one query and one for the pictures."""
        return self.select_related("creator", "category").prefetch_related("pictures")

    def with_page_data(self):
        """All that the page of a bounty shows of single rows."""
        return self.select_related("creator__profile", "category", "winner", "escrow_return", "payment")

    def newest_first(self):
        return self.order_by(F("opened_at").desc(nulls_first=True), "-pk")


class Bounty(BountyProgress, BilledModel, TimestampedModel, ModeratedModel):
    """What somebody wants made, for how much, and until when; see `BountyProgress` for its states."""

    class Want(models.TextChoices):
        """What can be asked for beside the words, and is measured."""

        PBR = "pbr", "PBR materials"
        TEXTURES = "textures", "Textures"
        UV = "uv", "UV mapping"
        RIG = "rig", "A rig"
        ANIMATIONS = "animations", "Animations"
        WATERTIGHT = "watertight", "Watertight, for printing"

    MAX_PICTURES = 6

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bounties")
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=20_000)
    requirements = models.TextField(max_length=10_000)
    category = models.ForeignKey(Category, models.PROTECT, related_name="bounties")
    budget = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    # Under which the winner's model is handed over; the model stays its maker's.
    license = models.CharField(
        "licence", max_length=20, choices=License.choices, default=License.ROYALTY_FREE
    )
    wanted_formats = ArrayField(
        models.CharField(max_length=10, choices=ModelFile.Format.choices), default=list, blank=True
    )
    wants = ArrayField(models.CharField(max_length=12, choices=Want.choices), default=list, blank=True)
    max_triangles = models.PositiveBigIntegerField("at most so many triangles", null=True, blank=True)

    # Who has applied and not withdrawn, and comments that stand; written with the rows they count.
    applicants = models.PositiveIntegerField(default=0, editable=False)
    comments_count = models.PositiveIntegerField(default=0, editable=False)

    objects = BountyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "bounties"
        permissions = [
            ("moderate_bounty", "Can take bounties down and put them back"),
            ("decide_bounty", "Can award or end bounties in place of their poster"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(deadline__gt=F("created_at")), name="bounty_deadline_after_creation"
            ),
            models.CheckConstraint(
                condition=Q(budget__gte=LOWEST_BUDGET, budget__lte=HIGHEST_BUDGET),
                name="bounty_budget_within_bounds",
            ),
            models.CheckConstraint(
                condition=Q(status="awarded", winner__isnull=False)
                | (~Q(status="awarded") & Q(winner__isnull=True)),
                name="bounty_winner_only_when_awarded",
            ),
            models.CheckConstraint(condition=~Q(winner=F("creator")), name="bounty_no_self_award"),
            models.CheckConstraint(
                condition=Q(status__in=["unpaid", "cancelled"])
                | Q(payment__isnull=False, opened_at__isnull=False),
                name="bounty_open_is_paid",
            ),
            models.CheckConstraint(
                condition=Q(payment__isnull=True, opened_at__isnull=True)
                | Q(payment__isnull=False, opened_at__isnull=False),
                name="bounty_paid_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="judging") | Q(judging_until__isnull=False),
                name="bounty_judging_has_end",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["awarded", "cancelled", "expired"], closed_at__isnull=False)
                | Q(status__in=["unpaid", "open", "judging"], closed_at__isnull=True),
                name="bounty_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], condition=Q(status="open"), name="bounty_newest"),
            models.Index(fields=["deadline", "id"], condition=Q(status="open"), name="bounty_deadline"),
            models.Index(fields=["-budget", "-id"], condition=Q(status="open"), name="bounty_budget"),
            models.Index(fields=["judging_until"], condition=Q(status="judging"), name="bounty_judging"),
            models.Index(fields=["creator", "-created_at"], name="bounty_of_poster"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("commerce:bounty", args=[self.pk])

    @property
    def is_open_to_all(self) -> bool:
        """Instance twin of `BountyQuerySet.open_to_all`."""
        return not self.is_removed and self.opened_at is not None and self.creator.is_active

    @property
    def is_indexed(self) -> bool:
        """Instance twin of `BountyQuerySet.indexed`."""
        is_over = self.status in (self.Status.CANCELLED, self.Status.EXPIRED)
        return self.is_open_to_all and not is_over and may_be_found(self.creator)

    def is_visible_to(self, user) -> bool:
        """Instance twin of `BountyQuerySet.visible_to`."""
        if self.is_open_to_all or may_see_all(user):
            return True
        if not user.is_authenticated:
            return False
        took_part = not self.is_removed and self.applications.filter(applicant=user).exists()
        return user.pk == self.creator_id or took_part

    @property
    def is_listed(self) -> bool:
        """Instance twin of `BountyQuerySet.listed`."""
        return self.is_open_to_all and self.takes_work

    @property
    def summary(self) -> str:
        """Its description in one plain line."""
        return plain_text(self.description, length=SUMMARY_LENGTH)

    @property
    def licence(self) -> License:
        return License(self.license)

    def want_labels(self) -> list[str]:
        return [self.Want(want).label for want in self.wants]

    def format_labels(self) -> list[str]:
        return [ModelFile.Format(name).label for name in self.wanted_formats]


class BountyPicture(models.Model):
    """A picture of what is wanted, re-encoded by us."""

    bounty = models.ForeignKey(Bounty, models.CASCADE, related_name="pictures")
    image = models.ImageField(upload_to=picture_path, width_field="width", height_field="height")
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self):
        return f"picture {self.pk} of bounty {self.bounty_id}"
