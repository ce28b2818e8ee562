"""Brings the demo collection onto the site by the way every model takes: upload, processing, review."""

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import zip_longest

from celery import current_app
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from commerce.actions.ordering import get_free_model
from config.demo import (
    blog,
    communities,
    letters,
    mailing,
    order,
    safety,
    society,
    talk,
    teaching,
    tickets,
    trade,
)
from config.demo.accounts import ensure_creator, ensure_demo_accounts
from config.demo.catalogue import CATALOGUE, CATEGORIES, CREATORS
from config.demo.catalogue.bounties import MADE_FOR_BOUNTIES
from config.demo.catalogue.entry import DemoModel
from marketplace.actions import processing, publishing, review, uploads
from marketplace.incoming import incoming_from_bytes
from marketplace.models import Category, Model3D, ModelFile
from support.actions.loading import load as load_help

POLL_SECONDS = 0.5
# Processing stands still for this long: something is wrong, and the command says so rather than wait for ever.
STALLED_SECONDS = 600
# These stay in the moderators' queue, so that there is something to review.
LEFT_IN_QUEUE = 3
FREE_MODELS_OF_BUYER = 2
# What the home page shows first.
FEATURED = {
    "classic-roadster",
    "juniper-bonsai",
    "rangefinder-camera",
    "striped-lighthouse",
    "swimming-whale",
    "teapot-and-cups",
    "treasure-chest",
    "walnut-lounge-chair",
}
# They take the longest to draw in software, so they come last.
SLOW = {"amethyst-geode", "garden-rotunda", "potion-bottles", "wooden-chess-set"}

Say = Callable[[str], None]


class DemoStalled(Exception):
    """Files wait and nothing works on them; the message says how many."""


def load(*, say: Say, limit: int | None) -> None:
    """Make accounts, categories, creators and at most `limit` models; what is there already is left as it is.

    Raises:
        DemoStalled: no worker took the files within ten minutes.
    """
    load_help()
    people = ensure_demo_accounts()
    categories = {entry.name: _ensure_category(entry) for entry in CATEGORIES}
    creators = {entry.username: _ensure_creator(entry) for entry in CREATORS}
    entries = _mixed(CATALOGUE)[:limit]
    pending = {}
    worker_listens = _a_worker_listens()
    for number, entry in enumerate(entries, start=1):
        model = Model3D.objects.filter(creator=creators[entry.creator], title=entry.title).first()
        if model is None:
            model = _upload(entry, creators[entry.creator], categories[entry.category])
            say(f"{number}/{len(entries)} uploaded: {entry.title}")
        if model.status == Model3D.Status.DRAFT:
            pending[model.pk] = entry
        if not worker_listens:
            processing.process(model.newest_file.pk)
        _publish_ready(pending, entries, people["moderator"], say)
    _wait(pending, entries, people["moderator"], say)
    _fill_library(people["buyer"])
    society.populate(entries, people)
    letters.populate()
    say("what was bought, sold and asked for in the past weeks is being entered")
    trade.populate(entries, people)
    blog.write(entries)
    teaching.teach(entries)
    communities.settle()
    talk.begin()
    tickets.ask(people["agent"])
    mailing.write(people)
    order.keep(people)
    safety.populate(people)


def _ensure_category(entry) -> Category:
    category, _ = Category.objects.get_or_create(
        slug=slugify(entry.name),
        defaults={
            "name": entry.name,
            "icon": entry.icon,
            "order": entry.order,
            "description": entry.description,
        },
    )
    return category


def _ensure_creator(entry) -> User:
    return ensure_creator(
        entry.username,
        full_name=entry.full_name,
        bio=entry.bio,
        is_verified=True,
        profile={"country": entry.country, "skills": list(entry.skills), "software": list(entry.software)},
    )


def _mixed(catalogue: Iterable[DemoModel]) -> list[DemoModel]:
    """What the home page shows first, then one of each category in turn: a half-loaded site shows a bit of all."""
    shelves: dict[str, list[DemoModel]] = {}
    for entry in catalogue:
        shelves.setdefault(entry.category, []).append(entry)
    mixed = [entry for row in zip_longest(*shelves.values()) for entry in row if entry is not None]
    return sorted(mixed, key=lambda entry: (entry.slug in SLOW, entry.slug not in FEATURED))


def _upload(entry: DemoModel, creator: User, category: Category) -> Model3D:
    upload = incoming_from_bytes(f"{entry.slug}.glb", entry.build())
    with closing(upload), transaction.atomic():
        model = uploads.create_draft(creator=creator, upload=upload)
        publishing.edit_model(
            model=model,
            tags=list(entry.tags),
            title=entry.title,
            description=entry.description,
            category=category,
            price=entry.price,
            license=entry.licence,
            ai_training_allowed=entry.ai_training,
            is_mature=entry.mature,
        )
    return model


def _a_worker_listens() -> bool:
    queues = current_app.control.inspect(timeout=2).active_queues() or {}
    return any(queue["name"] == "files" for worker in queues.values() for queue in worker)


def _publish_ready(pending: dict[int, DemoModel], entries: list[DemoModel], moderator: User, say: Say) -> int:
    """Submit and approve what is processed; returns how many files moved on."""
    left_in_queue = (
        {entry.slug for entry in entries[-LEFT_IN_QUEUE:]} if len(entries) > LEFT_IN_QUEUE else set()
    )
    done = 0
    ready = Model3D.objects.filter(pk__in=pending, files__state=ModelFile.State.READY)
    failed = Model3D.objects.filter(pk__in=pending, files__state=ModelFile.State.FAILED)
    for model in ready:
        entry = pending.pop(model.pk)
        done += 1
        if entry.slug in MADE_FOR_BOUNTIES:
            continue
        publishing.submit(model=model)
        if entry.slug not in left_in_queue:
            review.approve(model=model, by=moderator)
            if entry.slug in FEATURED:
                review.set_featured(model=model, by=moderator, featured=True)
    for model in failed:
        say(f"failed: {model.title}: {model.newest_file.failure_message}")
        del pending[model.pk]
        done += 1
    return done


def _wait(pending: dict[int, DemoModel], entries: list[DemoModel], moderator: User, say: Say) -> None:
    last_change = time.monotonic()
    while pending:
        if done := _publish_ready(pending, entries, moderator, say):
            last_change = time.monotonic()
            say(f"{done} ready, {len(pending)} being processed")
        elif time.monotonic() - last_change > STALLED_SECONDS:
            raise DemoStalled(f"{len(pending)} files wait, and no worker takes them.")
        else:
            time.sleep(POLL_SECONDS)


def _fill_library(buyer: User) -> None:
    """The demo buyer has taken some free models."""
    for model in Model3D.objects.listed().filter(price=0).order_by("pk")[:FREE_MODELS_OF_BUYER]:
        get_free_model(buyer=buyer, model_id=model.pk)
