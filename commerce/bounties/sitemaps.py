"""Bounties for search engines."""

from datetime import datetime

from django.urls import reverse

from commerce.models import Bounty
from core.sitemaps import Entry, KeyedSection


def _bounty(pk: int, changed: datetime) -> Entry:
    return Entry(reverse("commerce:bounty", args=[pk]), changed)


SECTIONS = [KeyedSection("bounties", lambda: Bounty.objects.indexed(), ("pk", "updated_at"), _bounty)]
