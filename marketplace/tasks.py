"""Celery tasks of the marketplace: 3D files on the queue `files`, the rest on `default`."""

import logging

from celery import shared_task
from celery.signals import worker_ready
from django.db import connections

from marketplace import creator_days, orphans, shape_search, statistics, uploads
from marketplace.actions import announcing, collections, deletion, processing, publishing, saved_searches
from marketplace.models import Collection, Model3D
from marketplace.processing.render.availability import renderer_notice
from marketplace.search.popular import renew_suggestions as renew_popular
from marketplace.search.words import refresh_words

logger = logging.getLogger(__name__)

FILES_QUEUE = "files"


@shared_task
def process_model_file(file_id: int) -> None:
    """Run what is left of a file's pipeline. Safe to deliver any number of times."""
    processing.process(file_id)


@shared_task
def requeue_stalled_files() -> None:
    """Queue files whose worker died or whose job was lost, and clear away what dead processes left."""
    processing.requeue_stalled()


@worker_ready.connect
def _resume_at_start(sender, **_kwargs) -> None:
    """What died with the previous worker goes on at once, not when beat comes round."""
    if FILES_QUEUE in sender.app.amqp.queues.consume_from:
        notice = renderer_notice()
        if notice:
            logger.warning(notice)
    processing.requeue_stalled()
    connections.close_all()


@shared_task
def flush_views() -> None:
    """Add the views gathered in Redis to the tables."""
    statistics.flush_views()


@shared_task
def sum_up_days() -> None:
    """Sum anew the days of creators whose models' figures have changed."""
    creator_days.sum_up_days()


@shared_task
def refresh_trending() -> None:
    """Score what is trending by the last seven days."""
    statistics.refresh_trending()


@shared_task
def refresh_search_words() -> None:
    """Count the words that what is mistyped is corrected by."""
    refresh_words()


@shared_task
def expire_uploads() -> None:
    """Throw away uploads that nobody goes on with."""
    uploads.expire()


@shared_task
def remove_orphans() -> None:
    """Remove stored files that no row names."""
    for found in orphans.remove_orphans():
        if found.is_doubtful:
            logger.error(
                "%s of %s files of %s/ have no row: left alone. See `manage.py cleanup --dry-run`.",
                found.files,
                found.walked,
                found.folder,
            )
        elif found.files:
            logger.info("%s files (%s bytes) of %s/ had no row.", found.files, found.size, found.folder)


@shared_task
def tell_followers_of_collection(collection_id: int, model_id: int) -> None:
    """Tell those who follow a collection of a model that is new in it."""
    collection = Collection.objects.select_related("owner").filter(pk=collection_id).first()
    model = (
        Model3D.objects.with_card_data()
        .filter(pk=model_id, collection_items__collection=collection_id)
        .first()
    )
    if collection is not None and model is not None:
        collections.tell_followers(collection=collection, model=model)


@shared_task
def search_by_shape(search_id: str) -> None:
    """Measure the file that somebody searches with. Safe to deliver any number of times."""
    shape_search.measure(search_id)


@shared_task
def forget_shape_searches() -> None:
    """Delete files of searches whose job never came."""
    shape_search.forget_abandoned()


@shared_task
def tell_followers_of_creator(model_id: int) -> None:
    """Tell those who follow the creator of a model that is new on the site."""
    model = Model3D.objects.with_card_data().filter(pk=model_id).first()
    if model is not None:
        announcing.tell_followers(model)


@shared_task
def publish_scheduled_models() -> None:
    """Show the models whose hour has come."""
    publishing.publish_due()


@shared_task
def purge_deleted_models() -> None:
    """Erase what lies in creators' bins for too long."""
    count = deletion.purge_old()
    if count:
        logger.info("%s deleted models were erased with their files.", count)


def renew_suggestions() -> None:
    """Let the search field offer what is popular now."""
    renew_popular()


@shared_task
def look_for_new_matches() -> None:
    """Tell those who saved a search of what is new in it."""
    saved_searches.look_for_new_matches()
