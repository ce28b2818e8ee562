"""A long text as its page shows it: read once, kept, and read anew when what it belongs to is saved."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.core.cache import cache

from core.articles import Article, read_article
from marketplace.models import Model3D
from marketplace.showcase import Showcase

# The address of a model, alone in a paragraph, shows the model there.
MODEL_ADDRESS = re.compile(r"<?(?:https?://[^/\s]+)?/model/(\d{1,18})/?>?")
# So many models of one post are shown; the others stay addresses without a stage.
MOST_MODELS = 12
KEPT_SECONDS = 24 * 3600
# Counts up when the reading changes, so that kept ones are not shown any more.
_EDITION = 1


def read(text: str) -> Article:
    return read_article(text, embed=MODEL_ADDRESS)


def article_of(post) -> Article:
    """The kept reading of a post."""
    return kept_article(post.pk, post.updated_at, post.content)


def kept_article(name: str | int, changed: datetime, text: str) -> Article:
    """The kept reading of `text`, which is that of `name` since `changed`."""
    key = f"blog:article:{_EDITION}:{name}:{changed.timestamp()}"
    return cache.get_or_set(key, lambda: read(text), KEPT_SECONDS)


def embedded_models(article: Article, *, viewer) -> dict[str, Showcase]:
    """The models that the text embeds, by their ids as the text has them: those that everybody may find."""
    ids = article.embedded[:MOST_MODELS]
    if not ids:
        return {}
    models = Model3D.objects.listed().suited_to(viewer).with_page_data()
    found = models.in_bulk(_numbers(ids))
    return {text: Showcase(found[int(text)], viewer=viewer) for text in ids if int(text) in found}


def _numbers(ids: Iterable[str]) -> list[int]:
    return [int(text) for text in ids]
