"""People for search engines."""

from datetime import datetime

from django.urls import reverse

from accounts.models import User
from core.sitemaps import Entry, KeyedSection


def _person(username: str, changed: datetime) -> Entry:
    return Entry(reverse("accounts:profile", args=[username]), changed)


SECTIONS = [KeyedSection("people", lambda: User.objects.indexed(), ("username", "updated_at"), _person)]
