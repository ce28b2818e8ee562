"""Communities and their posts for search engines: those that everybody may read."""

from datetime import datetime

from django.urls import reverse

from community.models import Community, CommunityPost
from core.sitemaps import Entry, KeyedSection


def _community(pk: int, changed: datetime) -> Entry:
    return Entry(reverse("community:community", args=[pk]), changed)


def _post(pk: int, community_pk: int, changed: datetime) -> Entry:
    return Entry(reverse("community:post", args=[community_pk, pk]), changed)


def _posts():
    return CommunityPost.objects.standing().filter(community__in=Community.objects.listed())


SECTIONS = [
    KeyedSection("communities", lambda: Community.objects.listed(), ("pk", "updated_at"), _community),
    KeyedSection("community-posts", _posts, ("pk", "community_id", "updated_at"), _post),
]
