"""Loading a made-up marketplace, and taking it away again."""

import time
from collections.abc import Callable

import numpy as np
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Lower
from django.utils.text import slugify

from accounts.models import Follow, User, UserProfile
from commerce.ledger.checkpoints import drop_checkpoints
from commerce.models import DownloadLink, LedgerEntry, LedgerMovement, Order, Payment, Purchase, Transaction
from config.demo.catalogue import CATEGORIES
from config.scale.bare import bare, build_vector_indexes
from config.scale.numbers import Numbers, reset_sequences
from config.scale.pictures import Pictures
from config.scale.sending import books, catalogue, deeds, people, sales
from config.scale.wording import tag_names
from config.scale.world import World, draw
from core.models import AuditEntry
from marketplace.creator_days import sum_up_all_days
from marketplace.models import (
    Category,
    Collection,
    CollectionFollow,
    CollectionItem,
    CreatorDay,
    DailyStats,
    Finding,
    Fingerprint,
    Inspection,
    Model3D,
    ModelComment,
    ModelCommentLike,
    ModelFile,
    ModelLike,
    SearchSuggestion,
    SearchWord,
    Tag,
)
from marketplace.search.popular import renew_suggestions
from marketplace.search.words import refresh_words

LOADED, CLEARED = "seed_scale.loaded", "seed_scale.cleared"
# What is loaded, in the order in which rows need each other.
TABLES = (
    User, UserProfile, Follow, Model3D, Model3D.tags.through, ModelFile, Inspection, Finding, Fingerprint, ModelLike,
    ModelComment, ModelCommentLike, Collection, CollectionItem, CollectionFollow, Order, Payment, Transaction,
    LedgerMovement, LedgerEntry, Purchase, DownloadLink, DailyStats,
)  # fmt: skip

Say = Callable[[str], None]


class NotPossible(Exception):
    """The made-up marketplace cannot be loaded or taken away; the message says why."""


def real_data() -> str:
    """What is in the database that nobody made up, as the middle of a sentence; empty where there is nothing."""
    counts = {
        "models": Model3D.objects.exclude(creator__is_demo=True).count(),
        "people": User.objects.filter(is_demo=False, is_superuser=False).count(),
        "orders": Order.objects.exclude(buyer__is_demo=True).count(),
    }
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def loaded() -> AuditEntry | None:
    """The note of a made-up marketplace that is in the database."""
    last = AuditEntry.objects.filter(action__in=[LOADED, CLEARED]).order_by("-pk").first()
    return last if last is not None and last.action == LOADED else None


def load(count: int, *, seed: int, pictures: Pictures, say: Say) -> World:
    """Load `count` models with all that belongs to them, in one transaction; vector indexes are left unbuilt.

    Raises:
        NotPossible: one is loaded already.
    """
    if loaded() is not None:
        raise NotPossible("A made-up marketplace is loaded already: take it away first, with --clear.")
    with transaction.atomic():
        said = _timed(say)
        shelves, made_shelves = _categories()
        tags, made_tags = _tags()
        world = draw(count, seed=seed, enabled=np.array([shelf.enabled for shelf in shelves]))
        said(f"drawn: about {world.rows:,} rows")
        numbers = Numbers(TABLES)
        with bare(TABLES, say=said):
            _send(world, numbers, np.array([shelf.pk for shelf in shelves]), tags, pictures, said)
            _count_shelves(world, shelves)
        reset_sequences(numbers.count)
        made = {"Category": made_shelves, "Tag": made_tags}
        AuditEntry.record(
            actor=None, action=LOADED, models=count, seed=seed, ranges=numbers.ranges(), made=made
        )
    _analyze(*TABLES)
    said("statistics for the planner gathered")
    said(f"{sum_up_all_days():,} days of creators")
    said(f"{refresh_words():,} words that searches are corrected by")
    said(f"{renew_suggestions():,} suggestions under the search field")
    _analyze(SearchWord, SearchSuggestion)
    return world


def clear(*, say: Say) -> int:
    """Take the made-up marketplace away; how many models there were.

    Raises:
        NotPossible: none is loaded, or something that was not made up points at its rows.
    """
    note = loaded()
    if note is None:
        raise NotPossible("No made-up marketplace is loaded.")
    try:
        with transaction.atomic():
            # They point at models, and are made anew from those that stay.
            SearchSuggestion.objects.all().delete()
            # Sums that are taken anew of what stays.
            drop_checkpoints()
            CreatorDay.objects.filter(creator__is_demo=True).delete()
            _delete(note, _timed(say))
            renew_suggestions()
            sum_up_all_days()
    except IntegrityError as error:
        raise NotPossible(f"Something that was not made up belongs to what was: {error}") from error
    Pictures().remove()
    build_vector_indexes()
    return note.data["models"]


def _delete(note: AuditEntry, said: Say) -> None:
    with bare(TABLES, pointing=True, say=said):
        for table in reversed(TABLES):
            if table._meta.label in note.data["ranges"]:
                first, last = note.data["ranges"][table._meta.label]
                rows = table._base_manager.filter(pk__gte=first, pk__lte=last)
                rows._raw_delete(rows.db)
        said("rows deleted")
    _forget_made(note.data["made"])
    AuditEntry.record(actor=None, action=CLEARED, models=note.data["models"])


def _send(world: World, numbers: Numbers, shelves, tags, pictures: Pictures, said: Say) -> None:
    people.send(world, numbers)
    said(f"{world.people.count:,} people")
    titles = catalogue.send_models(world, numbers, categories=shelves, tags=tags)
    said(f"{world.models.count:,} models with search vectors")
    catalogue.send_files(world, numbers, pictures)
    said("files, inspections, findings, fingerprints")
    deeds.send(world, numbers)
    said(
        f"{world.likes.count:,} likes, {world.comments.count:,} comments, {world.collections.count:,} collections"
    )
    sales.send(world, numbers, titles)
    books.send(numbers)
    said(f"{world.sales.orders:,} orders, {world.days.count:,} days of statistics")


def _timed(say: Say) -> Say:
    """Says each line with the seconds since the one before."""
    last = time.monotonic()

    def said(line: str) -> None:
        nonlocal last
        now = time.monotonic()
        say(f"{now - last:7.1f} s  {line}")
        last = now

    return said


def _categories() -> tuple[list[Category], list[int]]:
    """Those of the demo, and the keys of those that had to be made."""
    shelves, made = [], []
    for entry in CATEGORIES:
        shelf, is_new = Category.objects.get_or_create(
            slug=slugify(entry.name),
            defaults={
                "name": entry.name,
                "icon": entry.icon,
                "order": entry.order,
                "description": entry.description,
            },
        )
        shelves.append(shelf)
        made += [shelf.pk] if is_new else []
    return shelves, made


def _tags() -> tuple[np.ndarray, list[int]]:
    """The keys of all tags, in the order of `tag_names`, and of those that had to be made."""
    known = dict(Tag.objects.annotate(lower=Lower("name")).values_list("lower", "pk"))
    made = Tag.objects.bulk_create(Tag(name=name) for name in tag_names() if name not in known)
    known |= {tag.name: tag.pk for tag in made}
    return np.array([known[name] for name in tag_names()]), [tag.pk for tag in made]


def _count_shelves(world: World, shelves: list[Category]) -> None:
    listed = np.bincount(world.models.category[world.models.listed], minlength=len(shelves))
    for shelf, count in zip(shelves, listed.tolist(), strict=True):
        Category.objects.filter(pk=shelf.pk).update(model_count=F("model_count") + count)


def _forget_made(made: dict[str, list[int]]) -> None:
    """Categories and tags that came with it go, where nobody uses them since; the others count anew."""
    Tag.objects.filter(pk__in=made["Tag"], models__isnull=True).delete()
    Category.objects.filter(pk__in=made["Category"], models__isnull=True).delete()
    for shelf in Category.objects.all():
        count = Model3D.objects.listed().filter(category=shelf).count()
        Category.objects.filter(pk=shelf.pk).update(model_count=Greatest(count, 0))


def _analyze(*tables: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")


def table_sizes() -> list[tuple[type[models.Model], int]]:
    """What each table takes with its indexes, in bytes."""
    with connection.cursor() as cursor:
        sizes = []
        for table in TABLES:
            cursor.execute("SELECT pg_total_relation_size(%s)", [table._meta.db_table])
            sizes.append((table, cursor.fetchone()[0]))
    return sizes
