"""Brings life to the demo collection: likes, comments, reviews, follows, collections, spread over the past weeks.

Everything goes through the calls that people's own deeds go through, one after another as they would have happened, and
is dated back. What is there already is left as it is.
"""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.actions import relations
from accounts.models import Activity, Follow, Notification, User
from accounts.preferences import Channels, choose
from commerce.models import DownloadLink
from commerce.ratings import refresh_prior
from config.demo.accounts import PEOPLE, ensure_member
from config.demo.catalogue.entry import DemoModel
from config.demo.catalogue.opinions import REVIEWS
from config.demo.catalogue.society import COLLECTIONS, COMMENTS, MEMBERS, DemoComment
from config.demo.opinions import TRIED, opine
from marketplace.actions import collections, comments, likes
from marketplace.creator_days import sum_up_days
from marketplace.models import (
    Collection,
    DailySource,
    DailyStats,
    Model3D,
    ModelComment,
    ModelLike,
    ModelReview,
    ViewSource,
)
from marketplace.search.words import refresh_words
from marketplace.statistics import refresh_trending

# The first model of the catalogue came so long ago, and every further one a little later.
FIRST_DAYS_AGO = 75
LATEST_DAYS_AGO = 2
FOLLOWED = (2, 5)
# Days after which a model is looked at half as often as when it was new.
NOVELTY_DAYS = 9
# Where of a hundred views people come from.
SOURCES = (
    (ViewSource.BROWSE, 38),
    (ViewSource.SEARCH, 20),
    (ViewSource.ENGINE, 16),
    (ViewSource.DIRECT, 12),
    (ViewSource.MODEL, 8),
    (ViewSource.PROFILE, 6),
)
# What a deed writes with the time at which it happened, by the field that names who did it.
DATED = (
    (Activity, "actor"),
    (Notification, "actor"),
    (Follow, "follower"),
    (ModelLike, "user"),
    (ModelComment, "author"),
)


@dataclass(frozen=True)
class Deed:
    """Something that `actors` did at a time."""

    when: datetime
    actors: tuple[User, ...]
    do: Callable[[], object]


def populate(entries: Iterable[DemoModel], people: dict[str, User]) -> None:
    """`entries` in the order in which they came; `people` are those who speak, by their names."""
    people = people | {member.username: ensure_member(member) for member in MEMBERS}
    entries = list(entries)
    found = {
        (model.creator.username, model.title): model
        for model in Model3D.objects.listed().filter(creator__is_demo=True).with_card_data()
    }
    models = {
        entry.slug: found[entry.creator, entry.title]
        for entry in entries
        if (entry.creator, entry.title) in found
    }
    people |= {model.creator.username: model.creator for model in models.values()}
    for name in set(people) - set(PEOPLE):
        # Nobody signs in as them; their mail would hide what whoever tries the site is looking for.
        choose(people[name], dict.fromkeys(Notification.Kind.values, Channels(on_site=True, by_mail=False)))
    members = [people[member.username] for member in MEMBERS]
    deeds: list[Deed] = []
    new = [slug for slug, model in models.items() if not model.like_rows.filter(user__in=members).exists()]
    for slug in new:
        published = _date_back(models[slug], entries, slug)
        deeds += _deeds_about(slug, models[slug], published, members, people)
    deeds += _following(members, sorted({model.creator.username for model in models.values()}), people)
    for deed in sorted(deeds, key=lambda deed: deed.when):
        _do(deed)
    _collect(models, people)
    for slug in new:
        _count_days(slug, models[slug])
    refresh_trending()
    refresh_words()
    refresh_prior()
    sum_up_days()


def _date_back(model: Model3D, entries: list[DemoModel], slug: str) -> datetime:
    """The catalogue's first model came first; a fixed hour of the day for each."""
    place = [entry.slug for entry in entries].index(slug) / max(len(entries) - 1, 1)
    days = FIRST_DAYS_AGO + (LATEST_DAYS_AGO - FIRST_DAYS_AGO) * place
    published = timezone.now() - timedelta(days=days, minutes=random.Random(slug).randrange(600))
    Model3D.objects.filter(pk=model.pk).update(
        created_at=published - timedelta(hours=20),
        submitted_at=published - timedelta(hours=18),
        published_at=published,
    )
    ModelReview.objects.filter(model=model).update(created_at=published)
    Activity.objects.about(model).filter(verb=Activity.Verb.PUBLISHED).update(created_at=published)
    return published


def _deeds_about(
    slug: str, model: Model3D, published: datetime, members: list[User], people: dict[str, User]
) -> list[Deed]:
    chance = random.Random(f"likes {slug}")
    fans = chance.sample(members, chance.randint(2, len(members)))
    deeds = [
        _deed(chance, published, member, lambda who=member: likes.like(model=model, by=who))
        for member in fans
    ]
    for comment in COMMENTS.get(slug, ()):
        when = _between(chance, published, timezone.now())
        authors = tuple(people[name] for name in {comment.author, *(name for name, _ in comment.answers)})
        deeds.append(Deed(when, authors, lambda said=comment: _say(model, said, people)))
    # Nobody tries anything before it is there.
    tried = min(published + TRIED, timezone.now())
    for review in REVIEWS.get(slug, ()) if model.is_free else ():
        when = _between(chance, tried, timezone.now())
        deeds.append(
            Deed(
                when,
                (people[review.author], model.creator),
                lambda said=review, when=when: opine(model, said, people, when),
            )
        )
    return deeds


def _deed(chance: random.Random, since: datetime, actor: User, do: Callable[[], object]) -> Deed:
    return Deed(_between(chance, since, timezone.now()), (actor,), do)


def _between(chance: random.Random, since: datetime, until: datetime) -> datetime:
    """Sooner rather than later: most of what happens to a model happens while it is new."""
    return since + (until - since) * chance.random() ** 2


def _say(model: Model3D, said: DemoComment, people: dict[str, User]) -> None:
    comment = comments.post(model=model, author=people[said.author], body=said.text)
    for username, words in said.answers:
        answer = comments.post(model=model, author=people[username], body=words, parent=comment)
        comments.like(comment=answer, by=people[said.author])


def _following(members: list[User], creators: list[str], people: dict[str, User]) -> list[Deed]:
    deeds = []
    since = timezone.now() - timedelta(days=FIRST_DAYS_AGO)
    for member in members:
        chance = random.Random(f"follows {member.username}")
        others = [people[name] for name in creators] + [other for other in members if other != member]
        deeds += [
            _deed(
                chance,
                since,
                member,
                lambda who=member, whom=followed: relations.follow(follower=who, followed=whom),
            )
            for followed in chance.sample(others, min(chance.randint(*FOLLOWED), len(others)))
        ]
    return deeds


def _do(deed: Deed) -> None:
    """The deed, and all that it wrote dated to when it happened."""
    begun = timezone.now()
    with transaction.atomic():
        deed.do()
        for table, field in DATED:
            written = table.objects.filter(**{f"{field}__in": deed.actors}, created_at__gte=begun)
            written.update(created_at=deed.when)


def _collect(models: dict[str, Model3D], people: dict[str, User]) -> None:
    """Collections hold what of them is on the site by now, and some people follow them."""
    for entry in COLLECTIONS:
        shown = [models[slug] for slug in entry.models if slug in models]
        if not shown:
            continue
        owner = people[entry.owner]
        collection = Collection.objects.filter(owner=owner, name=entry.name).first()
        if collection is None:
            collection = collections.create(
                owner=owner, name=entry.name, description=entry.description, is_public=entry.is_public
            )
        for model in shown:
            collections.add(collection=collection, model=model)
        if entry.is_public:
            chance = random.Random(f"collection {entry.name}")
            others = [people[member.username] for member in MEMBERS if member.username != entry.owner]
            for follower in chance.sample(others, chance.randint(1, 6)):
                collections.follow(collection=collection, by=follower)


def _count_days(slug: str, model: Model3D) -> None:
    """Views of every day since it came, each like and download on its day, so that charts have something to tell."""
    model.refresh_from_db(fields=["published_at", "likes"])
    chance = random.Random(f"views {slug}")
    today, first = timezone.now().date(), model.published_at.date()
    liked = [when.date() for when in model.like_rows.values_list("created_at", flat=True)]
    links = DownloadLink.objects.filter(purchase__model=model)
    taken = [when.date() for when in links.values_list("created_at", flat=True)]
    seen = 0
    for age in range((today - first).days + 1):
        day = first + timedelta(days=age)
        views = round((3 + 4 * model.likes * math.exp(-age / NOVELTY_DAYS)) * chance.uniform(0.4, 1.6))
        seen += views
        counts = {"views": views, "likes": liked.count(day), "downloads": taken.count(day)}
        DailyStats.objects.update_or_create(model=model, day=day, defaults=counts)
        DailySource.objects.bulk_create(_sources(model, day, views), ignore_conflicts=True)
    Model3D.objects.filter(pk=model.pk).update(views=F("views") + seen)


def _sources(model: Model3D, day: date, views: int) -> list[DailySource]:
    """The day's views by where they came from; together they are all of them."""
    found, upto, told = [], 0, 0
    for source, share in SOURCES:
        upto += share
        count = round(views * upto / 100) - told
        told += count
        if count:
            found.append(DailySource(model=model, day=day, source=source, views=count))
    return found
