"""The project: settings, addresses, processes, and the pages and commands that span several apps."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
