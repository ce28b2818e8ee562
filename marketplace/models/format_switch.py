"""Which formats operators have switched off."""

from django.db import models

from core.models import TimestampedModel
from marketplace.processing.formats import FORMATS


class FormatSwitchQuerySet(models.QuerySet):
    """What is off; a format without a row is on."""

    def off(self):
        return self.filter(is_enabled=False)

    def refusal(self, file_format: str) -> str:
        """Why no file of this format is taken or processed now, as a sentence for its creator; empty where it is on."""
        switch = self.off().filter(format=file_format).first()
        return switch.refusal if switch else ""

    def refusals(self) -> dict[str, str]:
        """The sentences of all formats that are off, by format."""
        return {switch.format: switch.refusal for switch in self.off().order_by("format")}


class FormatSwitch(TimestampedModel):
    """A format that operators have switched off: none is taken in, none is processed, until it is on again."""

    format = models.CharField(
        max_length=10, choices=[(name.value, info.label) for name, info in FORMATS.items()], unique=True
    )
    is_enabled = models.BooleanField(default=True)
    reason = models.CharField(
        max_length=300, blank=True, help_text="Shown to creators who upload one, for instance until when."
    )

    objects = FormatSwitchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "format switches"

    def __str__(self):
        return f"{self.get_format_display()}: {'on' if self.is_enabled else 'off'}"

    @property
    def refusal(self) -> str:
        """What a creator is told while the format is off."""
        sentence = f"{self.get_format_display()} files are not taken at the moment."
        return f"{sentence} {self.reason}" if self.reason else sentence
