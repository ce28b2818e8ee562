"""What somebody asks support, and where it stands."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from commerce.models import Order, Refund
from core.models import TimestampedModel
from marketplace.models import Model3D

MAX_SUBJECT = 150
STARS = range(1, 6)
# What a search looks at, as an expression that its index has.
WORDS_OF_TICKET = SearchVector("subject", config="marketplace_words")


class SupportTicketQuerySet(models.QuerySet):
    def of_person(self, user):
        return self.filter(owner=user)

    def open(self):
        return self.exclude(status=SupportTicket.Status.RESOLVED)

    def resolved(self):
        return self.filter(status=SupportTicket.Status.RESOLVED)

    def waiting(self):
        """Somebody waits for an answer of ours."""
        return self.filter(due_at__isnull=False)

    def overdue(self, now: datetime | None = None):
        return self.filter(due_at__lt=now or timezone.now())

    def unassigned(self):
        return self.filter(assigned_to=None)

    def taken_by(self, agent):
        return self.filter(assigned_to=agent)

    def unread(self):
        """There is an answer that whoever asked has not seen."""
        return self.filter(last_answer_number__gt=F("owner_read_number"))

    def first_due(self):
        """What is due first stands first: how urgent it is says how soon that is, and its age does the rest."""
        return self.order_by("due_at", "pk")

    def latest_first(self):
        return self.order_by("-moved_at", "-pk")

    def with_page_data(self):
        """All that pages say of single tickets, without a further query for each."""
        return self.select_related(
            *("owner", "assigned_to", "order", "model__creator", "refund__payment", "refund__transaction")
        )


class SupportTicket(TimestampedModel):
    """pending -> active -> resolved; a word of whoever asked opens it again.

    `last_number` is the number of its newest message: they are counted in each ticket, without a gap. `waits_since` and
    `due_at` are there while whoever asked waits for an answer. All of it is written under the ticket's lock, with the
    message that it follows from.
    """

    class Category(models.TextChoices):
        PAYMENT = "payment", "Payment"
        TECHNICAL = "technical", "Technical"
        ACCOUNT = "account", "Account"
        REFUND = "refund", "Refund"

    class Priority(models.TextChoices):
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"

    class Status(models.TextChoices):
        PENDING = "pending", "Waits for an agent"
        ACTIVE = "active", "Being answered"
        RESOLVED = "resolved", "Resolved"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="support_tickets")
    subject = models.CharField(max_length=MAX_SUBJECT)
    category = models.CharField(max_length=10, choices=Category.choices)
    priority = models.CharField(max_length=6, choices=Priority.choices, default=Priority.MEDIUM)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    # What it is about, where it came from the page of something.
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="+")
    model = models.ForeignKey(Model3D, models.SET_NULL, null=True, blank=True, related_name="+")
    refund = models.ForeignKey(Refund, models.PROTECT, null=True, blank=True, related_name="+")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    last_number = models.PositiveIntegerField(default=0, editable=False)
    # The newest message that an agent wrote, and up to where each side has seen what there is.
    last_answer_number = models.PositiveIntegerField(default=0, editable=False)
    owner_read_number = models.PositiveIntegerField(default=0, editable=False)
    owner_read_at = models.DateTimeField(null=True, blank=True, editable=False)
    staff_read_number = models.PositiveIntegerField(default=0, editable=False)
    moved_at = models.DateTimeField(default=timezone.now, editable=False)
    waits_since = models.DateTimeField(null=True, blank=True, editable=False)
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    reopened_count = models.PositiveSmallIntegerField(default=0, editable=False)
    rating = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    rating_text = models.CharField(max_length=500, blank=True, editable=False)
    rated_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SupportTicketQuerySet.as_manager()

    class Meta:
        permissions = [("answer_supportticket", "Can answer support tickets")]
        constraints = [
            models.CheckConstraint(condition=~Q(subject=""), name="ticket_has_subject"),
            models.CheckConstraint(
                condition=Q(category__in=["payment", "technical", "account", "refund"]),
                name="ticket_category_known",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=["low", "medium", "high"]), name="ticket_priority_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "active"], resolved_at__isnull=True)
                | Q(status="resolved", resolved_at__isnull=False, due_at__isnull=True),
                name="ticket_resolved_has_time",
            ),
            models.CheckConstraint(
                condition=Q(waits_since__isnull=True, due_at__isnull=True)
                | Q(waits_since__isnull=False, due_at__isnull=False),
                name="ticket_waits_until_due",
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=True, model__isnull=True)
                | Q(order__isnull=True, refund__isnull=True)
                | Q(model__isnull=True, refund__isnull=True),
                name="ticket_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(assigned_to__isnull=True) | ~Q(assigned_to=F("owner")), name="ticket_not_ones_own"
            ),
            models.CheckConstraint(
                condition=Q(
                    last_answer_number__lte=F("last_number"),
                    owner_read_number__lte=F("last_number"),
                    staff_read_number__lte=F("last_number"),
                ),
                name="ticket_numbers_within_last",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True, rated_at__isnull=True, rating_text="")
                | Q(rating__gte=1, rating__lte=5, rated_at__isnull=False),
                name="ticket_rating_of_stars",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="ticket_first_due"),
            models.Index(fields=["owner", "-moved_at", "-id"], name="ticket_of_owner"),
            models.Index(fields=["assigned_to", "-moved_at", "-id"], name="ticket_of_agent"),
            models.Index(fields=["status", "-moved_at", "-id"], name="ticket_by_status"),
            models.Index(fields=["-moved_at", "-id"], name="ticket_latest"),
            models.Index(fields=["created_at"], name="ticket_by_day"),
            GinIndex(WORDS_OF_TICKET, name="ticket_words"),
        ]

    def __str__(self):
        return f"Ticket {self.number}"

    def get_absolute_url(self):
        return reverse("support:ticket", args=[self.public_id])

    def get_desk_url(self):
        """Where agents answer it."""
        return reverse("admin:support_supportticket_change", args=[self.pk])

    @property
    def number(self) -> str:
        """What people call it."""
        return str(self.public_id)[:8].upper()

    @property
    def is_resolved(self) -> bool:
        """Instance twin of `SupportTicketQuerySet.resolved`."""
        return self.status == self.Status.RESOLVED

    @property
    def is_waiting(self) -> bool:
        """Instance twin of `SupportTicketQuerySet.waiting`."""
        return self.due_at is not None

    @property
    def is_overdue(self) -> bool:
        """Instance twin of `SupportTicketQuerySet.overdue`."""
        return self.due_at is not None and self.due_at < timezone.now()

    @property
    def is_unread(self) -> bool:
        """Instance twin of `SupportTicketQuerySet.unread`."""
        return self.last_answer_number > self.owner_read_number

    # Transitions. Saved by the action that calls them, under the ticket's lock.

    def wait(self, now: datetime) -> None:
        """Whoever asked waits for an answer: since now, unless they do already."""
        self.waits_since = self.waits_since or now
        self._be_due()

    def be_answered(self, now: datetime) -> None:
        self.first_answered_at = self.first_answered_at or now
        self.waits_since = self.due_at = None
        self.status = self.Status.ACTIVE
        self.resolved_at = None

    def take(self, agent) -> None:
        self.assigned_to = agent
        if not self.is_resolved:
            self.status = self.Status.ACTIVE

    def put_back(self) -> None:
        """Nobody's any more; whoever is free takes it."""
        self.assigned_to = None
        if not self.is_resolved:
            self.status = self.Status.PENDING

    def resolve(self, now: datetime) -> None:
        self.status, self.resolved_at = self.Status.RESOLVED, now
        self.waits_since = self.due_at = None

    def reopen(self) -> None:
        """With whoever had it, or else in the queue. What was said of the answer holds no longer."""
        self.status = self.Status.ACTIVE if self.assigned_to_id else self.Status.PENDING
        self.resolved_at = self.rating = self.rated_at = None
        self.rating_text = ""
        self.reopened_count += 1

    def weigh(self, priority: str) -> None:
        """How urgent it is; what waits is due accordingly."""
        self.priority = priority
        if self.waits_since is not None:
            self._be_due()

    def rate(self, stars: int, text: str, now: datetime) -> None:
        self.rating, self.rating_text, self.rated_at = stars, text, now

    def _be_due(self) -> None:
        self.due_at = self.waits_since + timedelta(hours=settings.SUPPORT_DUE_HOURS[self.priority])
