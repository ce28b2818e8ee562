"""Help and docs for search engines."""

from datetime import datetime

from django.urls import reverse

from core.sitemaps import Entry, KeyedSection
from support.models import DocSection, HelpArticle


def _article(slug: str, changed: datetime) -> Entry:
    return Entry(reverse("support:help_article", args=[slug]), changed)


def _section(slug: str, changed: datetime) -> Entry:
    return Entry(reverse("support:docs_section", args=[slug]), changed)


SECTIONS = [
    KeyedSection("help", lambda: HelpArticle.objects.published(), ("slug", "updated_at"), _article),
    KeyedSection("docs", lambda: DocSection.objects.published(), ("slug", "updated_at"), _section),
]
