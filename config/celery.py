"""The Celery application: queues `default` and `mail` for light jobs, `files` for 3D file processing."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("lathe")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _refuse_unsafe_start(**_kwargs) -> None:
    # Models can only be imported when Django is set up, which the worker does before this signal.
    from config.guard import refuse_unsafe_start

    refuse_unsafe_start()
