"""The Celery application: queues `default` and `mail` for light jobs, `files` for 3D file processing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("lathe")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
