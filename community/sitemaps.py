"""Communities for search engines: those that everybody may read."""

from datetime import datetime

from django.urls import reverse

from community.models import Community
from core.sitemaps import Entry, KeyedSection


def _community(pk: int, changed: datetime) -> Entry:
    return Entry(reverse("community:community", args=[pk]), changed)


SECTIONS = [KeyedSection("communities", lambda: Community.objects.listed(), ("pk", "updated_at"), _community)]
