"""Which formats operators have switched off."""

from django.db import models

from core.models import TimestampedModel
from marketplace.models.file import ModelFile


class FormatSwitch(TimestampedModel):
    """A format that operators have switched off: none is taken in, none is processed, until it is on again."""

    format = models.CharField(max_length=10, choices=ModelFile.Format.choices, unique=True)
    is_enabled = models.BooleanField(default=True)
    reason = models.CharField(
        max_length=300, blank=True, help_text="Shown to creators who upload one, for instance until when."
    )

    class Meta:
        verbose_name_plural = "format switches"

    def __str__(self):
        return f"{self.get_format_display()}: {'on' if self.is_enabled else 'off'}"
