"""Licences a creator can choose; whether AI may be trained on a model is a separate yes or no."""

from django.db import models

SUMMARIES = {
    "royalty_free": "Use in games, film, print and products, as often as you like; do not resell the file itself.",
    "editorial": "Use in news, teaching and commentary only; no advertising and no products.",
    "cc0": "Public domain: use for anything, without naming the creator.",
    "cc_by": "Use for anything, also commercially, when you name the creator.",
    "cc_by_sa": "Use for anything when you name the creator and share what you derive under the same licence.",
    "cc_by_nc": "Use for anything but commerce when you name the creator.",
}


class License(models.TextChoices):
    ROYALTY_FREE = "royalty_free", "Royalty-free"
    EDITORIAL = "editorial", "Editorial"
    CC0 = "cc0", "CC0 1.0"
    CC_BY = "cc_by", "CC BY 4.0"
    CC_BY_SA = "cc_by_sa", "CC BY-SA 4.0"
    CC_BY_NC = "cc_by_nc", "CC BY-NC 4.0"

    @property
    def summary(self) -> str:
        """What the holder may do, in one sentence."""
        return SUMMARIES[self.value]
