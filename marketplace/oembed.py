"""oEmbed 1.0 (oembed.com): what a page that is given a model's address needs to show the model itself."""

import re
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils.xmlutils import SimplerXMLGenerator

from core.addresses import absolute_url
from core.xml import xml_text
from marketplace.embedding import embed_html, fitting_size
from marketplace.models import Model3D

# Seconds that a consumer may keep an answer.
CACHE_AGE = 3600
# Width to height of the posters that can be thumbnails, the largest first.
THUMBNAILS = (("poster_large", 1280, 960), ("poster_medium", 640, 480), ("poster_small", 320, 240))
MAX_PIXELS = 10_000
_PAGES = {"marketplace:model", "marketplace:viewer"}
_PIXELS = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)


class UnknownModel(Exception):
    """The address is not that of a model which is open to all."""


class BadSize(Exception):
    """A size that is not a whole number of pixels."""


def discovery_url(model: Model3D, *, request=None) -> str:
    """Where a page tells its reader to ask for the model's oEmbed answer."""
    page = absolute_url(model.get_absolute_url(), request=request)
    query = urlencode({"url": page, "format": "json"})
    return absolute_url(f"{reverse('marketplace:oembed')}?{query}", request=request)


def model_at(address: str, *, host: str) -> Model3D:
    """The model whose page or viewer has this absolute address on this site (`host`, or that of `SITE_URL`).

    Raises:
        UnknownModel: no such page here, or one that not everybody may see.
    """
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (ValueError, Resolver404) as error:
        raise UnknownModel from error
    ours = {host, urlsplit(settings.SITE_URL).netloc}
    if parts.scheme not in ("http", "https") or parts.netloc not in ours or match.view_name not in _PAGES:
        raise UnknownModel
    model = Model3D.objects.open_to_all().with_page_data().filter(pk=match.kwargs["pk"]).first()
    if model is None:
        raise UnknownModel
    return model


def pixels(text: str | None) -> int | None:
    """A greatest width or height as the query gives it; nothing where it gives none.

    Raises:
        BadSize: not a whole number from 1 to `MAX_PIXELS`.
    """
    if not text:
        return None
    if not _PIXELS.fullmatch(text) or int(text) > MAX_PIXELS:
        raise BadSize
    return int(text)


def oembed(model: Model3D, *, max_width: int | None, max_height: int | None, request=None) -> dict:
    """The answer about `model`, of type `rich`, no larger than asked for."""
    width, height = fitting_size(max_width, max_height)
    answer = {
        "type": "rich",
        "version": "1.0",
        "title": model.title,
        "author_name": model.creator.display_name,
        "author_url": absolute_url(model.creator.get_absolute_url(), request=request),
        "provider_name": settings.SITE_NAME,
        "provider_url": absolute_url(reverse("home"), request=request),
        "cache_age": CACHE_AGE,
        "html": str(embed_html(model, width=width, height=height, request=request)),
        "width": width,
        "height": height,
    }
    if not model.is_mature:
        answer |= _thumbnail(model, max_width, max_height, request)
    return answer


def _thumbnail(model: Model3D, max_width: int | None, max_height: int | None, request) -> dict:
    for field, width, height in THUMBNAILS:
        picture = getattr(model.current_file, field)
        if picture and width <= (max_width or width) and height <= (max_height or height):
            return {
                "thumbnail_url": absolute_url(picture.url, request=request),
                "thumbnail_width": width,
                "thumbnail_height": height,
            }
    return {}


def write_xml(answer: dict, stream) -> None:
    """The same answer in oEmbed's XML, without what XML has no sign for."""
    xml = SimplerXMLGenerator(stream, "utf-8")
    xml.startDocument()
    xml.startElement("oembed", {})
    for name, value in answer.items():
        xml.addQuickElement(name, xml_text(str(value)))
    xml.endElement("oembed")
    xml.endDocument()
