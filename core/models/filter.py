"""Words and links that nobody may write, kept by moderators."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from core.models.base import TimestampedModel
from core.texts import folded

_DOMAIN = RegexValidator(
    r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,}$",
    "Write a domain without scheme and path, such as spam.example.",
)


class TextFilterQuerySet(models.QuerySet):
    def enabled(self):
        return self.filter(is_enabled=True)


class TextFilter(TimestampedModel):
    """A word, or a domain with all below it, that nothing may contain which people write for others: see
    `core.public_words` for forms, `accounts.writing` for what actions ask.
    """

    class Kind(models.TextChoices):
        WORD = "word", "Word or phrase"
        LINK = "link", "Link to a domain"

    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.WORD)
    pattern = models.CharField(
        max_length=120, help_text="Letters in any case count; a domain stands for those below it too."
    )
    note = models.CharField(max_length=200, blank=True, help_text="Why; moderators alone read it.")
    is_enabled = models.BooleanField("in force", default=True)

    objects = TextFilterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "pattern"], name="text_filter_once"),
            models.CheckConstraint(condition=~Q(pattern=""), name="text_filter_says_something"),
            models.CheckConstraint(condition=Q(kind__in=["word", "link"]), name="text_filter_known_kind"),
        ]

    def __str__(self):
        return self.pattern

    def clean(self):
        """As it is compared."""
        self.pattern = folded(self.pattern)
        if self.kind == self.Kind.LINK:
            self.pattern = self.pattern.removeprefix("www.")
            _DOMAIN(self.pattern)
        elif len(self.pattern) < 3:
            raise ValidationError({"pattern": "Shorter ones would be found in too much."})
