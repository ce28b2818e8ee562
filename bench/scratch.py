"""A site of its own for a benchmark: an empty database that is gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_site() -> Iterator[None]:
    """Django set up over a migrated scratch database, with DEBUG off."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        # The database runs as a system user of its own where this runs as root.
        Path(folder).chmod(0o755)
        os.environ.update(
            VAR_DIR=folder,
            STATIC_ROOT=f"{folder}/static",
            DATABASE_URL="",
            REDIS_URL="",
            ENVIRONMENT="development",
            DEBUG="0",
            LOG_LEVEL="ERROR",
            DJANGO_SETTINGS_MODULE="config.settings",
        )
        from config import embedded

        embedded.ensure_running()
        import django
        from django.core.management import call_command

        django.setup()
        try:
            call_command("migrate", verbosity=0)
            yield
        finally:
            django.db.connections.close_all()
            embedded.stop()
