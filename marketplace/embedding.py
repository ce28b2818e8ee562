"""Models on other people's pages: what an embedded view may be asked for, and the HTML that puts it there."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.addresses import absolute_url
from marketplace.models import Model3D

# Pixels. The stage is as wide to high as the posters are.
DEFAULT_WIDTH, DEFAULT_HEIGHT = 640, 480
SIZES = ((640, 480), (800, 600), (1280, 720))


class EmbedTheme(TextChoices):
    AUTO = "auto", "System"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


@dataclass(frozen=True)
class EmbedOptions:
    """What the address of an embedded view asks for; anything it does not know counts as not said."""

    autostart: bool = False
    turntable: bool = False
    theme: str = EmbedTheme.AUTO
    has_controls: bool = True

    @classmethod
    def of(cls, query) -> "EmbedOptions":
        theme = query.get("theme", "")
        return cls(
            autostart=query.get("autostart") == "1",
            turntable=query.get("turntable") == "1",
            theme=theme if theme in EmbedTheme.values else EmbedTheme.AUTO,
            has_controls=query.get("ui") != "0",
        )


def is_embed(query) -> bool:
    """Whether a viewer's address asks for the view that other pages embed."""
    return query.get("embed") == "1"


def embed_url(model: Model3D, *, request=None) -> str:
    """Absolute address of the embedded view, as it is without options."""
    path = f"{reverse('marketplace:viewer', args=[model.pk])}?{urlencode({'embed': 1})}"
    return absolute_url(path, request=request)


def fitting_size(max_width: int | None, max_height: int | None) -> tuple[int, int]:
    """The largest size up to the default one, in its proportions, that fits into the given pixels."""
    width = min(DEFAULT_WIDTH, max_width or DEFAULT_WIDTH)
    height = min(DEFAULT_HEIGHT, max_height or DEFAULT_HEIGHT)
    scale = min(width / DEFAULT_WIDTH, height / DEFAULT_HEIGHT)
    return max(round(DEFAULT_WIDTH * scale), 1), max(round(DEFAULT_HEIGHT * scale), 1)


def embed_html(model: Model3D, *, width: int, height: int, request=None) -> SafeString:
    """The `<iframe>` to paste into another page."""
    return format_html(
        '<iframe title="{}" src="{}" width="{}" height="{}" frameborder="0" allow="autoplay; fullscreen"'
        ' allowfullscreen loading="lazy"></iframe>',
        f"{model.title} by {model.creator.display_name}, 3D model",
        embed_url(model, request=request),
        width,
        height,
    )
