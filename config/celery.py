"""The Celery application: queues `default` and `mail` for light jobs, `bulk` for mails that nobody
waits for, `files` for 3D file processing."""

import logging.config
import os

from celery import Celery
from celery.signals import setup_logging, worker_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("lathe")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _refuse_unsafe_start(**_kwargs) -> None:
    # Models can only be imported when Django is set up, which the worker does before this signal.
    from config.guard import refuse_unsafe_start

    refuse_unsafe_start()


@setup_logging.connect
def _log_as_pages_do(**_kwargs) -> None:
    """Instead of Celery's own lines, which carry no id and are no JSON."""
    logging.config.dictConfig(settings.LOGGING)
