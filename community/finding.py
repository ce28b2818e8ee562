"""Finding communities: by their names and descriptions, and what somebody may like to join."""

import re

from django.contrib.postgres.search import SearchRank
from django.db.models import Count, F, Func, QuerySet, Value
from django.db.models.expressions import RawSQL

from accounts.models import User
from community.models import Community, CommunityMembership, CommunityPost
from community.models.community import WORDS_OF_COMMUNITY
from community.models.post import WORDS_OF_POST
from marketplace.search.text import text_query

# So many with a nearly right name at most.
MAX_NEAR = 24
# More than a search counts and shows.
MAX_RANKED = 1_100
SUGGESTED = 4
# Of so many memberships of the people whom somebody follows is made what is suggested to them.
LOOKED_AT = 2_000


def communities_matching(text: str) -> QuerySet[Community]:
    """Those that everybody may find and that have all words of `text`; the best first.

    Of very many the largest ones, `MAX_RANKED`: to rank them all takes too long.
    """
    query = text_query(text)
    found = Community.objects.listed().annotate(words=WORDS_OF_COMMUNITY).filter(words=query)
    largest = found.largest_first().values("pk")[:MAX_RANKED]
    rank = SearchRank(WORDS_OF_COMMUNITY, query)
    return Community.objects.filter(pk__in=largest).order_by(rank.desc(), "-members_count", "-pk")


def any_communities_named(text: str) -> QuerySet[Community]:
    """For the console: those with `text` in their name, whoever may find them; the largest first."""
    # PostgreSQL's own comparison, which the index of names knows, unlike Django's.
    pattern = "%" + re.sub(r"([\\%_])", r"\\\1", text) + "%"
    named = RawSQL("SELECT id FROM community_community WHERE name ILIKE %s", [pattern])
    return Community.objects.filter(pk__in=named).largest_first()


def communities_nearly_named(text: str) -> QuerySet[Community]:
    """For when none has these words: those whose names are most like `text`, at most `MAX_NEAR`."""
    near = RawSQL("SELECT id FROM community_communities_resembling(%s, %s)", [text, MAX_NEAR])
    likeness = Func(Value(text), F("name"), function="word_similarity")
    return Community.objects.listed().filter(pk__in=near).order_by(likeness.desc(), "-members_count", "-pk")


def posts_matching(text: str) -> QuerySet[CommunityPost]:
    """Posts that everybody may read and that have all words of `text`; the best first, of very many the latest."""
    query = text_query(text)
    found = CommunityPost.objects.standing().annotate(words=WORDS_OF_POST).filter(words=query)
    latest = found.filter(community__in=Community.objects.listed()).newest_first().values("pk")[:MAX_RANKED]
    rank = SearchRank(WORDS_OF_POST, query)
    return CommunityPost.objects.filter(pk__in=latest).order_by(rank.desc(), "-created_at", "-pk")


def suggested_to(user: User) -> list[Community]:
    """Where the people are whom somebody follows, and they are not; filled up with the largest ones."""
    own = user.community_memberships.values("community")
    banned = user.community_bans.standing().values("community")
    open_to_them = Community.objects.listed().exclude(pk__in=own).exclude(pk__in=banned)
    followed = CommunityMembership.objects.filter(user__in=user.follows.values("followed"))
    recent = followed.order_by("-created_at").values("pk")[:LOOKED_AT]
    by_friends = (
        open_to_them.filter(memberships__pk__in=recent)
        .annotate(friends=Count("memberships"))
        .order_by("-friends", "-members_count", "-pk")[:SUGGESTED]
    )
    found = list(by_friends)
    if len(found) < SUGGESTED:
        known = [community.pk for community in found]
        found += open_to_them.exclude(pk__in=known).largest_first()[: SUGGESTED - len(found)]
    return found
