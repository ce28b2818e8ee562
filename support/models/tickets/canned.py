"""Answers that agents give often."""

from django.db import models
from django.db.models import Q

from core.models import TimestampedModel
from support.models.tickets.message import MAX_LENGTH
from support.models.tickets.ticket import SupportTicket
from support.models.writing import known_figures_only


class CannedAnswerQuerySet(models.QuerySet):
    def for_category(self, category: str):
        """Those for tickets of this category, and those for all."""
        return self.filter(category__in=["", category])

    def in_order(self):
        return self.order_by("order", "title", "pk")


class CannedAnswer(TimestampedModel):
    """A text that an agent starts from; `{{name}}` in it is a figure of the settings (see `support.figures`)."""

    title = models.CharField(max_length=80, unique=True)
    category = models.CharField(
        max_length=10, choices=SupportTicket.Category.choices, blank=True, help_text="Empty: for all tickets."
    )
    body = models.TextField(
        "text", max_length=MAX_LENGTH, validators=[known_figures_only], help_text="Markdown."
    )
    order = models.PositiveSmallIntegerField(default=100, help_text="Smaller ones come first.")

    objects = CannedAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(body=""), name="canned_answer_says_something"),
            models.CheckConstraint(
                condition=Q(category__in=["", "payment", "technical", "account", "refund"]),
                name="canned_answer_category_known",
            ),
        ]

    def __str__(self):
        return self.title
