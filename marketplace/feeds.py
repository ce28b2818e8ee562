"""Feeds of new models, in Atom (RFC 4287): for readers, and for whoever follows a creator without an account."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import QuerySet
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html

from core.addresses import absolute_url
from core.markdown import plain_text
from core.xml import xml_text
from marketplace.models import Model3D

NEWEST = 30
SUMMARY_LENGTH = 400


@dataclass
class ModelFeed:
    """The newest listed ones of `models`: `path` is the feed's address, `page` that of the page it stands for.

    Without mature models: a feed cannot ask its reader.
    """

    title: str
    subtitle: str
    path: str
    page: str
    models: QuerySet[Model3D]

    @cached_property
    def _newest(self) -> QuerySet[Model3D]:
        return self.models.listed().filter(is_mature=False).newest_first()

    @cached_property
    def _stamps(self) -> list[tuple[int, datetime]]:
        return list(self._newest.values_list("pk", "updated_at")[:NEWEST])

    @property
    def etag(self) -> str:
        """Changes with what the feed says, also when a model leaves it; one small query."""
        return (
            f'"{hashlib.sha256(repr([self.title, self.subtitle, self._stamps]).encode()).hexdigest()[:32]}"'
        )

    @property
    def last_modified(self) -> datetime | None:
        return max((changed for _, changed in self._stamps), default=None)

    def write(self) -> str:
        feed = Atom1Feed(
            title=xml_text(self.title),
            link=absolute_url(self.page),
            description=None,
            subtitle=xml_text(self.subtitle),
            language=settings.LANGUAGE_CODE,
            feed_url=absolute_url(self.path),
        )
        for model in self._newest.with_card_data()[:NEWEST]:
            _add(feed, model)
        return feed.writeString("utf-8")


def _add(feed: Atom1Feed, model: Model3D) -> None:
    address = absolute_url(model.get_absolute_url())
    text = plain_text(model.description, length=SUMMARY_LENGTH)
    picture = absolute_url(model.poster_url) if model.poster_url else ""
    html = format_html('<p><img src="{}" width="640" height="480" alt=""></p>', picture) if picture else ""
    feed.add_item(
        title=xml_text(model.title),
        link=address,
        unique_id=address,
        description=xml_text(format_html("{}<p>{}</p>", html, text)),
        author_name=xml_text(model.creator.display_name),
        author_link=absolute_url(model.creator.get_absolute_url()),
        pubdate=model.published_at,
        updateddate=model.updated_at,
        categories=[xml_text(model.category.name)],
    )
