"""WSGI entry point: all pages."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Threads of a web process share a pool; workers and commands keep one plain connection each.
os.environ.setdefault("DATABASE_POOL", "1")

application = get_wsgi_application()

from config.guard import refuse_unsafe_start  # noqa: E402  (models need the set-up above)

refuse_unsafe_start()

# What was imported stays: the collector need not look at it again and again.
gc.collect()
gc.freeze()
